// SPDX-License-Identifier: Apache-2.0
#include "neurons/lif.hpp"

#include <limits>

#include <catch2/catch.hpp>

#include "neurons/normalization.hpp"
#include "neurons/residual.hpp"

namespace synfire {
namespace {

/// One neuron without bias driven by the same current for `steps` steps; its spike train.
std::vector<bool> spike_train(std::int32_t current, std::int32_t threshold, int steps,
                              bool fires_at_threshold = true) {
  std::vector<std::int32_t> membrane{0};
  std::vector<bool> train;
  for (int t = 0; t < steps; ++t) {
    std::vector<std::uint32_t> fired;
    update_lif({{}, {&threshold, 1}, fires_at_threshold}, {&current, 1}, 0, membrane, fired);
    train.push_back(!fired.empty());
  }
  return train;
}

}  // namespace

TEST_CASE("LIF: fires at once when half the input reaches the threshold, not just before") {
  CHECK(spike_train(20, 10, 1) == std::vector<bool>{true});
  CHECK(spike_train(19, 10, 1) == std::vector<bool>{false});
  CHECK(spike_train(20, 10, 1, false) == std::vector<bool>{false});
  CHECK(spike_train(22, 10, 1, false) == std::vector<bool>{true});
}

TEST_CASE("LIF: a constant input just below twice the threshold fires at the second step") {
  // H = 9, then (9 + 19) >> 1 = 14 >= 10, reset, and again.
  CHECK(spike_train(19, 10, 4) == std::vector<bool>{false, true, false, true});
}

TEST_CASE("LIF: the published 0/1 embedding never fires within four steps") {
  // H = 0.5, 0.75, 0.875, 0.9375 in units of the threshold (here 16).
  CHECK(spike_train(16, 16, 4) == std::vector<bool>(4, false));
}

TEST_CASE("LIF: rounds down below zero too, so that floors nest") {
  std::vector<std::int32_t> membrane{-3};
  const std::int32_t current = 0, threshold = 5;
  std::vector<std::uint32_t> fired;
  update_lif({{}, {&threshold, 1}, true}, {&current, 1}, 0, membrane, fired);
  CHECK(membrane[0] == -2);
}

TEST_CASE("LIF: appends ascending ids counted from the first neuron, and adds the bias") {
  std::vector<std::int32_t> membrane{0, 0, 0};
  const std::vector<std::int32_t> current{4, 0, 4}, bias{0, 4, -4}, threshold{2, 2, 2};
  std::vector<std::uint32_t> fired{1};
  update_lif({bias, threshold, true}, current, 100, membrane, fired);
  CHECK(fired == std::vector<std::uint32_t>{1, 100, 101});
  CHECK(membrane == std::vector<std::int32_t>{0, 0, 0});
}

TEST_CASE("LIF: the greatest threshold is not passed, whatever the rule") {
  const std::int32_t greatest = std::numeric_limits<std::int32_t>::max();
  CHECK(spike_train(1000, greatest, 1, false) == std::vector<bool>{false});
  CHECK(spike_train(1000, greatest, 1, true) == std::vector<bool>{false});
}

TEST_CASE("Residual: the sum is shifted once, after it is whole, and the carry is not") {
  CHECK(residual_output(100, 5, 2, 1) == 103);   // 7 >> 1 = 3
  CHECK(residual_output(100, -5, 2, 1) == 98);   // -3 >> 1 = -2
  CHECK(residual_output(100, 5, 0, -2) == 120);  // left shift
}

TEST_CASE("Normalization: multiplies in 64 bits before it shifts") {
  CHECK(normalization_output(1'000'000, 1'000'000, 0, 20) == 953674);
  CHECK(normalization_output(-7, 3, 1, 2) == -5);
}

}  // namespace synfire
