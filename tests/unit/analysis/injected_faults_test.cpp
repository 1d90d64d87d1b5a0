// SPDX-License-Identifier: Apache-2.0
#include "analysis/injected_faults.hpp"

#include <catch2/catch.hpp>

namespace synfire {
namespace {

const std::optional<InjectedFaults> nothing_known;

std::string sentence(const FaultDescription& faults) {
  return fault_sentence(fault_lines(faults, nothing_known, std::nullopt));
}

}  // namespace

TEST_CASE("Fault lines: a chip without faults has none, not even a seed") {
  CHECK(fault_lines({.seed = 5}, nothing_known, LossCounts{}).empty());
}

TEST_CASE("Fault lines: rates are in per cent, small ones in ppm and ppb") {
  CHECK(sentence({.seed = 3, .drop_rate = 1'000'000}) == "drop_rate 0.1 %, seed 3");
  CHECK(sentence({.drop_rate = 12'500'000}) == "drop_rate 1.25 %, seed 1");
  CHECK(sentence({.drop_rate = 10'000'000}) == "drop_rate 1 %, seed 1");
  CHECK(sentence({.drop_rate = 105'000'000}) == "drop_rate 10.5 %, seed 1");
  CHECK(sentence({.drop_rate = 100'000}) == "drop_rate 0.01 %, seed 1");
  CHECK(sentence({.drop_rate = FaultDescription::certain}) == "drop_rate 100 %, seed 1");
  CHECK(sentence({.bit_flip_rate = 10'000}) == "bit_flip_rate 10 ppm, seed 1");
  CHECK(sentence({.bit_flip_rate = 17}) == "bit_flip_rate 17 ppb, seed 1");
}

TEST_CASE("Fault lines: every fault is named with what it hit and took") {
  const FaultDescription faults{.seed = 2,
                                .drop_rate = 1'000'000,
                                .dead_links = 6,
                                .dead_cores = 1,
                                .stuck_silent_rate = 10'000'000,
                                .stuck_firing_rate = 20'000'000,
                                .bit_flip_rate = 10'000};
  InjectedFaults injected;
  for (std::uint32_t i = 0; i < 6; ++i) {
    injected.dead_links.push_back(
        {RouterId{i}, RouterId{i + 1}, "link `r" + std::to_string(i) + "` to `s`"});
  }
  injected.dead_cores = {CoreId{9}};
  injected.stuck = {
      {PopulationId{1}, 4, false}, {PopulationId{1}, 5, true}, {PopulationId{2}, 0, true}};
  injected.flipped_bits = {{"a->b", 1000}, {"b->c", 234}};
  const LossCounts lost{.dropped = 1234, .dead_link = 1, .dead_core = 0};
  CHECK(fault_sentence(fault_lines(faults, injected, lost)) ==
        "drop_rate 0.1 % (1,234 deliveries lost), "
        "dead_links 6 (1 delivery lost; link `r0` to `s`, link `r1` to `s`, link `r2` to `s`, "
        "link `r3` to `s`, ...), "
        "dead_cores 1 (0 deliveries lost; neurocore 9), "
        "stuck_silent_rate 1 % (1 neuron), stuck_firing_rate 2 % (2 neurons), "
        "bit_flip_rate 10 ppm (1,234 bits in 2 projections), seed 2");
}

}  // namespace synfire
