// SPDX-License-Identifier: Apache-2.0
#include "models/spikedecoder/extraction.hpp"

#include <utility>

#include <catch2/catch.hpp>

#include "models/spikedecoder/decoder_network.hpp"
#include "models/spikedecoder/sequence_reference.hpp"
#include "models/text_encoding.hpp"
#include "sim/error.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

/// The model with its populations and projections changed by `change`.
template <typename Change>
Model changed(const Model& model, Change change) {
  std::vector<Population> populations(model.network.populations().begin(),
                                      model.network.populations().end());
  std::vector<Projection> projections(model.network.projections().begin(),
                                      model.network.projections().end());
  change(populations, projections);
  Model other = model;
  other.network =
      Network(model.network.time_steps(), std::move(populations), std::move(projections));
  return other;
}

}  // namespace

TEST_CASE("Extraction: a decoder's network gives its parameters back") {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const std::uint64_t seed = base_seed() + i;
    CAPTURE(seed);
    DecoderArchitecture architecture = random_architecture(seed);
    if (i % 4 == 3) architecture = without_attention(architecture);
    const RandomDecoder decoder = random_decoder(seed, architecture);
    const DecoderParameters read = decoder_parameters(decoder.model);
    CHECK(describe(read.architecture) == describe(decoder.parameters.architecture));
    const auto spikes = sequence_input_spikes(decoder.model.text,
                                              random_tokens(seed, read.architecture.vocabulary, 6));
    const SequenceActivity expected = run_sequence(decoder.parameters, spikes);
    const SequenceActivity activity = run_sequence(read, spikes);
    CHECK(activity.spikes == expected.spikes);
    CHECK(activity.payloads == expected.payloads);
    CHECK(activity.logits == expected.logits);
  }
}

TEST_CASE("Extraction: spikes behind attention need attention") {
  RandomDecoder decoder = random_decoder(base_seed());
  decoder.parameters.architecture.attention.reset();
  decoder.parameters.architecture.residual =
      GENERATE(ResidualForm::spiking, ResidualForm::first_block);
  CHECK_THROWS_WITH(build_decoder(decoder.parameters), Catch::Contains("decoder.residual"));
}

TEST_CASE("Extraction: a network that is no decoder is refused, and the difference is named") {
  const Model model = random_decoder(base_seed()).model;
  const Model renamed =
      changed(model, [](auto& populations, auto&) { populations.back().name = "output"; });
  CHECK_THROWS_WITH(decoder_parameters(renamed), Catch::Contains("no population readout"));
  const Model more = changed(model, [](auto& populations, auto&) {
    populations.push_back({.name = "other", .size = 1, .model = NeuronModel::input});
  });
  CHECK_THROWS_WITH(decoder_parameters(more), Catch::Contains("population other"));
  const Model never_reset = changed(model, [](auto& populations, auto&) {
    for (Population& population : populations) {
      population.resets_each_token = population.name != "block0.mlp.input";
    }
  });
  CHECK_THROWS_WITH(decoder_parameters(never_reset),
                    Catch::Contains("population block0.mlp.input"));
  const Model doubled =
      changed(model, [](auto&, auto& projections) { projections.push_back(projections.back()); });
  CHECK_THROWS_AS(decoder_parameters(doubled), ConfigError);
}

}  // namespace synfire::test
