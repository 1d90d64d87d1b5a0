// SPDX-License-Identifier: Apache-2.0
#include "neurons/softmax_attention.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/support/seed.hpp"

namespace synfire {
namespace {

/// Exponentials of scores of which 1 stands for 2^-11.
SoftmaxParameters fine() {
  const double unit = std::exp2(-11);
  return {.score_shift = 0,
          .ln2 = static_cast<std::int32_t>(std::log(2.0) / unit),
          .b = static_cast<std::int32_t>(1.353 / unit),
          .c = static_cast<std::int32_t>(0.344 / 0.3585 / unit / unit)};
}

Population attention_of(std::uint32_t heads, std::uint32_t dimension) {
  return {.name = "attention",
          .size = heads * dimension,
          .model = NeuronModel::softmax_attention,
          .attention = {.heads = heads, .fraction_bits = 4},
          .softmax = fine()};
}

}  // namespace

TEST_CASE("integer_exp: within half a percent of exp, and 0 far below") {
  const SoftmaxParameters parameters = fine();
  const auto one = static_cast<double>(integer_exp(0, parameters));
  for (int x = 0; x < 20000; x += 37) {
    const double real = std::exp(-x * std::exp2(-11));
    CHECK(static_cast<double>(integer_exp(-x, parameters)) / one == Approx(real).margin(0.005));
  }
  CHECK(integer_exp(-200'000, parameters) == 0);
}

TEST_CASE("softmax attention: heads of their own, later tokens unseen, means as of real numbers") {
  constexpr std::uint32_t heads = 2, dimension = 3, width = heads * dimension, tokens = 6;
  const Population population = attention_of(heads, dimension);
  SoftmaxAttention attention(population, {dimension, 0, heads, 1, tokens}, 8);
  RandomStream random(test::base_seed(), 2);
  std::vector<std::vector<std::int32_t>> keys, values;
  for (std::uint32_t n = 0; n < tokens; ++n) {
    const auto draw = [&] {
      std::vector<std::int32_t> drawn(width);
      for (auto& x : drawn) x = static_cast<std::int32_t>(random.below(120)) - 60;
      return drawn;
    };
    const auto query = draw();
    keys.push_back(draw());
    values.push_back(draw());
    std::vector<std::int32_t> out(width);
    const AttentionWork work = attention.step(0, query, keys.back(), values.back(), out);
    CHECK(work.products == 2 * (n + 1) * width);
    CHECK(work.functions == heads * (n + 2));
    CHECK(work.memory_bits == 8 * (2 * (n + 1) * width + 2 * width));
    for (std::uint32_t i = 0; i < width; ++i) {
      const std::uint32_t first = i / dimension * dimension;
      double total = 0, sum = 0;
      for (std::uint32_t m = 0; m <= n; ++m) {
        double score = 0;
        for (std::uint32_t j = first; j < first + dimension; ++j) score += query[j] * keys[m][j];
        const double weight = std::exp(score * std::exp2(-11));
        total += weight;
        sum += weight * values[m][i];
      }
      CHECK(out[i] / 16.0 == Approx(sum / total).margin(0.5));
    }
  }
}

TEST_CASE("softmax attention: counting alone counts what computing counts, and a reset forgets") {
  const Population population = attention_of(1, 2);
  SoftmaxAttention computes(population, {2, 0, 1, 1, 8}, 8);
  SoftmaxAttention counts(population, {2, 0, 1, 1, 8}, 8);
  const std::vector<std::int32_t> x{50, -50};
  std::vector<std::int32_t> out(2);
  for (int n = 0; n < 3; ++n) {
    CHECK(computes.step(0, x, x, x, out).products == counts.count(0).products);
  }
  SoftmaxAttention resumed(population, {2, 0, 1, 1, 8}, 8);
  resumed.resume(3);
  CHECK(resumed.count(0).products == counts.count(0).products);
  computes.reset();
  computes.step(0, x, {x.data(), 2}, std::vector<std::int32_t>{5, 6}, out);
  CHECK(out == std::vector<std::int32_t>{80, 96});  // the only token there is, times 2^4
}

}  // namespace synfire
