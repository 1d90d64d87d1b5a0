// SPDX-License-Identifier: Apache-2.0
#include "analysis/activity_check.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "models/text_encoding.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

constexpr std::uint32_t token_count = 6;

/// A random decoder, what goes into it and what the reference says of it.
struct RecordedDecoder {
  RandomDecoder decoder;
  std::vector<std::vector<std::uint32_t>> inputs;
  RecordedActivity activity;

  explicit RecordedDecoder(std::uint64_t seed) : decoder(random_decoder(seed)) {
    const Network& network = decoder.model.network;
    const auto tokens = random_tokens(seed, decoder.model.text.alphabet.size(), token_count);
    inputs = sequence_input_spikes(decoder.model.text, tokens);
    NetworkReference reference(network, decoder.model.text.context);
    activity.tokens = token_count;
    activity.spikes.resize(network.populations().size());
    for (std::uint32_t token = 0; token < token_count; ++token) {
      const auto logits = reference.run_token(inputs[token]);
      activity.logits.insert(activity.logits.end(), logits.begin(), logits.end());
      for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
        for (std::uint16_t step = 0; step < network.time_steps(); ++step) {
          for (const std::uint32_t neuron : reference.spikes(PopulationId{p}, step)) {
            activity.spikes[p].push_back({token, step, neuron});
          }
        }
      }
    }
  }

  /// Empty if the checking runner finds no difference.
  std::optional<Difference> check() const {
    CheckingRunner runner(decoder.model.network, decoder.model.text.context, activity);
    try {
      for (const auto& input : inputs) runner.push_token(input);
      runner.check_end();
    } catch (const CheckingRunner::Differs& found) {
      return found.difference;
    }
    return std::nullopt;
  }
};

}  // namespace

TEST_CASE("CheckingRunner: a faithful recording has no difference") {
  for (std::uint64_t seed = base_seed(); seed < base_seed() + 5; ++seed) {
    INFO("SYNFIRE_SEED=" << seed);
    CHECK_FALSE(RecordedDecoder(seed).check().has_value());
  }
}

TEST_CASE("CheckingRunner: any spike taken away is named as missing") {
  for (std::uint64_t seed = base_seed(); seed < base_seed() + 5; ++seed) {
    INFO("SYNFIRE_SEED=" << seed);
    RecordedDecoder recorded(seed);
    auto& spikes = recorded.activity.spikes[1 + seed % (recorded.activity.spikes.size() - 1)];
    if (spikes.empty()) continue;
    const auto victim = spikes.begin() + static_cast<std::ptrdiff_t>(seed % spikes.size());
    const SpikeAddress address = *victim;
    spikes.erase(victim);
    const auto difference = recorded.check();
    REQUIRE(difference.has_value());
    CHECK(difference->what.rfind("missing spike", 0) == 0);
    CHECK(SpikeAddress{difference->token, static_cast<std::uint16_t>(difference->step),
                       difference->neuron} == address);
  }
}

TEST_CASE("CheckingRunner: a spike too many is named as extra, wherever it lies") {
  const std::uint64_t seed = base_seed();
  INFO("SYNFIRE_SEED=" << seed);
  RecordedDecoder recorded(seed);
  auto& spikes = recorded.activity.spikes.front();
  for (const SpikeAddress address :
       {SpikeAddress{0, 0, 999}, SpikeAddress{token_count, 0, 0}, SpikeAddress{2, 90, 1}}) {
    spikes.insert(std::ranges::upper_bound(spikes, address), address);
    const auto difference = recorded.check();
    REQUIRE(difference.has_value());
    CHECK(difference->what.rfind("extra spike", 0) == 0);
    CHECK(difference->token == address.token);
    CHECK(difference->neuron == address.neuron);
    std::erase(spikes, address);
  }
}

TEST_CASE("CheckingRunner: a logit that is off by one is found") {
  const std::uint64_t seed = base_seed();
  RecordedDecoder recorded(seed);
  const std::size_t vocabulary = recorded.activity.logits.size() / token_count;
  recorded.activity.logits[3 * vocabulary + 2] += 1;
  const auto difference = recorded.check();
  REQUIRE(difference.has_value());
  CHECK(difference->population == "readout");
  CHECK(difference->token == 3);
  CHECK(difference->neuron == 2);
}

}  // namespace synfire::test
