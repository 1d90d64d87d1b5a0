// SPDX-License-Identifier: Apache-2.0
#include "neurons/synaptic_sum.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/multiversion.hpp"
#include "sim/random.hpp"
#include "tests/support/seed.hpp"

namespace synfire {

TEST_CASE("add_rows: every version equals the naive sum for any width, offset, count of spikes") {
  const std::uint64_t seed = test::base_seed();
  RandomStream random(seed, 5);
  for (int trial = 0; trial < 60; ++trial) {
    INFO("seed " << seed << " trial " << trial);
    const std::size_t rows = 1 + random.below(700), columns = 1 + random.below(1200);
    constexpr std::size_t narrow = 70;  // so few columns are summed in another way
    const std::size_t begin = random.below(columns);
    const std::size_t most = trial % 2 == 0 ? columns : narrow;
    const std::size_t width = 1 + random.below(std::min(most, columns - begin));
    std::vector<std::int8_t> weights(rows * columns);
    for (auto& weight : weights) weight = static_cast<std::int8_t>(random.below(256));
    std::vector<std::uint32_t> spikes;
    for (std::uint32_t i = 0; i < rows; ++i) {
      if (random.below(2) == 0) spikes.push_back(i);
    }
    std::vector<std::int32_t> expected(width, 7);
    for (const auto spike : spikes) {
      for (std::size_t i = 0; i < width; ++i) expected[i] += weights[spike * columns + begin + i];
    }
    for (const InstructionSet set : instruction_sets()) {
      INFO(to_string(set));
      const ForcedInstructionSet forced(set);
      std::vector<std::int32_t> sum(width, 7);
      add_rows(weights.data() + begin, columns, spikes, sum);
      REQUIRE(sum == expected);
    }
  }
}

TEST_CASE("add_rows: a thousand rows of the most negative weight do not overflow") {
  const std::vector<std::int8_t> weights(64, -128);
  const std::vector<std::uint32_t> spikes(1000, 0);
  for (const InstructionSet set : instruction_sets()) {
    INFO(to_string(set));
    const ForcedInstructionSet forced(set);
    std::vector<std::int32_t> sum(64, 0);
    add_rows(weights.data(), 64, spikes, sum);
    CHECK(sum == std::vector<std::int32_t>(64, -128'000));
  }
}

}  // namespace synfire
