// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_decoder.hpp"

#include <cstdint>
#include <span>

#include <catch2/catch.hpp>

#include "models/text_encoding.hpp"
#include "neurons/bounds.hpp"
#include "neurons/network_reference.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

/// Spikes per neuron and step of a population over the last token of the reference.
std::size_t spikes_of(const Network& network, const NetworkReference& reference, std::uint32_t p) {
  std::size_t count = 0;
  for (std::uint32_t t = 0; t < network.time_steps(); ++t) {
    count += reference.spikes(PopulationId{p}, t).size();
  }
  return count;
}

std::vector<double> rates(const Model& model, std::span<const Token> tokens) {
  const Network& network = model.network;
  NetworkReference reference(network, model.text.context);
  std::vector<double> rate(network.populations().size());
  for (std::size_t n = 0; n < tokens.size(); ++n) {
    reference.run_token(input_spikes(model.text, tokens.first(n + 1)));
    for (std::uint32_t p = 0; p < rate.size(); ++p) {
      rate[p] +=
          static_cast<double>(spikes_of(network, reference, p)) /
          static_cast<double>(network.populations()[p].size * network.time_steps() * tokens.size());
    }
  }
  return rate;
}

}  // namespace

TEST_CASE("Random decoders: every spiking population fires, and no sum can overflow") {
  for (std::uint64_t i = 0; i < 60; ++i) {
    const std::uint64_t seed = base_seed() + i;
    const Model model = random_decoder(seed).model;
    const auto tokens = random_tokens(seed, model.text.alphabet.size(), model.text.context);
    const auto rate = rates(model, tokens);
    for (std::size_t p = 0; p < rate.size(); ++p) {
      const Population& population = model.network.populations()[p];
      CAPTURE(seed, population.name, rate[p]);
      if (is_graded(population.model) || population.model == NeuronModel::readout) continue;
      const bool is_joint = population.model == NeuronModel::input && model.text.joint;
      CHECK(rate[p] > (is_joint ? 0.0 : 0.02));  // one of all tokens and positions
      CHECK(rate[p] < 0.6);
    }
    CHECK_NOTHROW(prove_bounds(model.network, model.text.context));
  }
}

TEST_CASE("Random decoders: the same seed gives the same decoder, another seed another") {
  const std::uint64_t seed = base_seed();
  const RandomDecoder first = random_decoder(seed);
  const RandomDecoder again = random_decoder(seed);
  CHECK(first.parameters.readout_weights == again.parameters.readout_weights);
  CHECK(first.parameters.head_input.threshold == again.parameters.head_input.threshold);
  CHECK(first.parameters.readout_weights != random_decoder(seed + 1).parameters.readout_weights);
}

}  // namespace synfire::test
