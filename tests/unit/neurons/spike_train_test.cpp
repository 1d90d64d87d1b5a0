// SPDX-License-Identifier: Apache-2.0
#include "neurons/spike_train.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

const SpikeTrain train{{0, 0, 2, 3, 5}, {1, 4, 0, 3, 2}};

std::vector<std::uint32_t> at(const SpikeTrain& spikes, std::uint32_t step) {
  const auto fired = spikes.at(step);
  return {fired.begin(), fired.end()};
}

std::string refusal(const SpikeTrain& spikes) {
  try {
    check_spike_train(spikes, 5, 6, "stimulus.input");
  } catch (const ConfigError& error) {
    CHECK(error.key_path == "stimulus.input");
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("SpikeTrain: says who fires in a step") {
  CHECK(at(train, 0) == std::vector<std::uint32_t>{1, 4});
  CHECK(at(train, 1).empty());
  CHECK(at(train, 3) == std::vector<std::uint32_t>{3});
  CHECK(at(train, 6).empty());
}

TEST_CASE("SpikeTrain: a part counts its steps from its own beginning") {
  const SpikeTrain part = train.part(2, 3);
  CHECK(part.steps == std::vector<std::uint32_t>{0, 1});
  CHECK(part.neurons == std::vector<std::uint32_t>{0, 3});
  CHECK(train.part(5, 1).neurons == std::vector<std::uint32_t>{2});
  CHECK(train.part(6, 4).steps.empty());
}

TEST_CASE("check_spike_train: spikes ascend by step, then neuron, and lie inside") {
  CHECK(refusal(train) == "accepted");
  CHECK(refusal({}) == "accepted");
  CHECK_THAT(refusal({{0, 1}, {0}}), Catch::Contains("2 time steps for 1 neurons"));
  CHECK_THAT(refusal({{0}, {5}}), Catch::Contains("beyond the 5 neurons"));
  CHECK_THAT(refusal({{6}, {0}}), Catch::Contains("6 steps that there are"));
  CHECK_THAT(refusal({{1, 0}, {0, 0}}), Catch::Contains("spike 1"));
  CHECK_THAT(refusal({{1, 1}, {3, 2}}), Catch::Contains("not behind"));
  CHECK_THAT(refusal({{1, 1}, {3, 3}}), Catch::Contains("not behind"));
}

}  // namespace synfire
