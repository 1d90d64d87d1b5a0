// SPDX-License-Identifier: Apache-2.0
#include "neurons/layer_norm.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "neurons/bounds.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"
#include "tests/support/seed.hpp"

namespace synfire {
namespace {

Population norm_of(std::uint32_t size) {
  return {.name = "x.norm",
          .size = size,
          .model = NeuronModel::layer_norm,
          .bias = std::vector<std::int32_t>(size, 0),
          .shift = std::vector<std::int8_t>(size, 0),
          .multiplier = std::vector<std::int32_t>(size, 1),
          .gain = std::vector<std::int32_t>(size, 64 << deviation_bits),
          .offset = std::vector<std::int32_t>(size, 0),
          .epsilon = 1};
}

std::int64_t output_bound(const Population& norm, std::int8_t weight) {
  const std::uint32_t size = norm.size;
  const std::vector<Population> populations = {
      {.name = "in", .size = 1, .model = NeuronModel::input}, norm};
  const std::vector<Projection> projections = {{.source = PopulationId{0},
                                                .target = PopulationId{1},
                                                .weights = std::vector<std::int8_t>(size, weight)}};
  return prove_bounds(Network(1, populations, projections), 1)[1].output;
}

}  // namespace

TEST_CASE("integer_square_root: the largest root whose square does not pass, near squares too") {
  for (std::uint64_t root = 0; root < 3000; ++root) {
    const std::uint64_t square = root * root;
    CHECK(integer_square_root(square) == root);
    CHECK(integer_square_root(square + 2 * root) == root);
    if (root > 0) CHECK(integer_square_root(square - 1) == root - 1);
  }
  CHECK(integer_square_root((std::uint64_t{1} << 62) - 1) == (std::uint64_t{1} << 31) - 1);
}

TEST_CASE("layer_norm: within a rounding of real arithmetic on the same integers") {
  RandomStream random(test::base_seed(), 1);
  const std::uint32_t size = 48;
  Population norm = norm_of(size);
  std::vector<std::int32_t> current(size);
  std::vector<std::int32_t> out(size);
  for (std::uint32_t i = 0; i < size; ++i) {
    current[i] = static_cast<std::int32_t>(random.below(20000)) - 7000;
    norm.offset[i] = static_cast<std::int32_t>(random.below(100)) - 50;
  }
  layer_norm(norm, current, out);
  double mean = 0;
  for (const std::int32_t x : current) mean += x / double(size);
  double variance = 0;
  for (const std::int32_t x : current) variance += (x - mean) * (x - mean) / size;
  for (std::uint32_t i = 0; i < size; ++i) {
    const double expected = 64.0 * (current[i] - mean) / std::sqrt(variance) + norm.offset[i];
    CHECK(out[i] == Approx(expected).margin(1.1));
  }
}

TEST_CASE("layer_norm: equal sums give the offset, and one outlier no more than is proven") {
  const std::uint32_t size = 9;
  Population norm = norm_of(size);
  norm.offset.assign(size, 7);
  std::vector<std::int32_t> out(size);
  layer_norm(norm, std::vector<std::int32_t>(size, -1234), out);
  CHECK(out == std::vector<std::int32_t>(size, 7));
  std::vector<std::int32_t> outlier(size, 0);
  outlier[4] = 127;
  layer_norm(norm, outlier, out);
  CHECK(out[4] == Approx(64.0 * std::sqrt(8.0) + 7).margin(1.1));
  CHECK(out[4] <= output_bound(norm, 127));
}

TEST_CASE("layer_norm: squares that could pass 64 bits are refused by name") {
  Population norm = norm_of(64);
  norm.multiplier.assign(64, 1 << 24);
  CHECK_THROWS_WITH(output_bound(norm, 127),
                    Catch::Contains("x.norm") && Catch::Contains("squares"));
}

}  // namespace synfire
