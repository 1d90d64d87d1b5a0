// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "models/spikedecoder/decoder_network.hpp"
#include "sim/error.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t context = 256;

LifLayerParameters lif_layer(std::uint32_t size) {
  return {.threshold = std::vector<std::int32_t>(size, 100)};
}

NormalizationParameters normalization(const DecoderArchitecture& architecture,
                                      std::uint32_t targets) {
  if (architecture.normalization == NormalizationForm::folded) return {};
  return {.multiplier = std::vector<std::int32_t>(targets, 1 << 10),
          .bias = std::vector<std::int32_t>(targets, 0),
          .shift = std::vector<std::int8_t>(targets, 10)};
}

std::vector<std::int8_t> weights(std::size_t sources, std::size_t targets) {
  return std::vector<std::int8_t>(sources * targets, std::int8_t{100});
}

SpikingLayerParameters spiking_layer(const DecoderArchitecture& architecture, std::uint32_t sources,
                                     std::uint32_t targets) {
  return {weights(sources, targets), normalization(architecture, targets), lif_layer(targets)};
}

ResidualLayerParameters residual_layer(const DecoderArchitecture& architecture,
                                       std::uint32_t sources) {
  return {.weights = weights(sources, architecture.embedding),
          .normalization = normalization(architecture, architecture.embedding)};
}

BlockParameters block(const DecoderArchitecture& architecture) {
  const std::uint32_t width = architecture.embedding;
  BlockParameters block;
  block.attention_input = lif_layer(width);
  block.query = spiking_layer(architecture, width, width);
  block.key = block.query;
  block.value = block.query;
  if (architecture.attention == AttentionKind::leaky) {
    block.decay_shift.assign(architecture.heads, 5);
  }
  block.attention_threshold.assign(width, 1000);
  block.attention_output = residual_layer(architecture, width);
  block.mlp_input = lif_layer(width);
  block.mlp_hidden = spiking_layer(architecture, width, architecture.hidden);
  block.mlp_output = residual_layer(architecture, architecture.hidden);
  return block;
}

/// What its weights are does not matter here.
Network decoder(const DecoderArchitecture& architecture) {
  const std::uint32_t width = architecture.embedding;
  DecoderParameters parameters;
  parameters.architecture = architecture;
  parameters.embedding = {.weights = weights(architecture.input_size(), width)};
  parameters.blocks.assign(architecture.blocks, block(architecture));
  parameters.head_input = lif_layer(width);
  parameters.readout_weights =
      weights(std::size_t{architecture.time_steps} * width, architecture.vocabulary);
  return build_decoder(parameters);
}

/// A decoder of about the shipped model's size.
Network decoder(std::uint32_t width, AttentionKind attention, NormalizationForm form) {
  const DecoderArchitecture architecture = {
      .blocks = 3,
      .embedding = width,
      .heads = 4,
      .hidden = 4 * width,
      .vocabulary = 29,
      .context = context,
      .groups = 8,
      .code_width = 29,
      .attention = attention,
      .fraction_bits = static_cast<std::uint8_t>(attention == AttentionKind::leaky ? 8 : 0),
      .normalization = form};
  return decoder(architecture);
}

/// SpikeDecoder's model of words, of so many of its 25 blocks.
Network word_decoder(std::uint32_t blocks) {
  return decoder(DecoderArchitecture{.blocks = blocks,
                                     .embedding = 160,
                                     .heads = 8,
                                     .hidden = 2560,
                                     .vocabulary = 5947,
                                     .context = 128,
                                     .groups = 1,
                                     .code_width = 130,
                                     .position_width = 30});
}

std::size_t slices_of(const Network& network, const Mapping& mapping, const std::string& name) {
  const auto population = network.find(name);
  REQUIRE(population);
  return static_cast<std::size_t>(
      std::ranges::count(mapping.slices, *population, &PopulationSlice::population));
}

/// Axons of the neuron that takes the most: its dense sources, and one of each other kind.
std::int64_t widest_fan_in(const Network& network) {
  std::int64_t widest = 0;
  for (std::uint32_t i = 0; i < network.populations().size(); ++i) {
    std::int64_t axons = 0;
    for (const ProjectionId id : network.incoming(PopulationId{i})) {
      const Projection& projection = network.projection(id);
      const bool is_dense = projection.connectivity == Connectivity::dense;
      axons += is_dense ? network.population(projection.source).size : 1;
    }
    widest = std::max(widest, axons);
  }
  return widest;
}

std::size_t cores_in_use(const Mapping& mapping) {
  return static_cast<std::size_t>(
      std::ranges::count_if(mapping.cores, [](const CoreUse& use) { return use.neurons > 0; }));
}

}  // namespace

TEST_CASE("Every preset holds a decoder of the shipped size whose neurons fit, in every form") {
  for (const AttentionKind attention : {AttentionKind::published, AttentionKind::leaky}) {
    for (const auto form : {NormalizationForm::folded, NormalizationForm::population}) {
      const Network network = decoder(256, attention, form);
      for (const std::string& preset : chip_preset_names()) {
        INFO(preset);
        const ChipDescription chip = load_chip(preset);
        if (chip.neurocore.axons_in < widest_fan_in(network)) {
          CHECK_THROWS_AS(map_network(network, chip, context), MappingError);
        } else {
          CHECK_NOTHROW(map_network(network, chip, context));
        }
      }
      const std::vector<std::string> score = {"attention.realisation=score"};
      CHECK_NOTHROW(map_network(network, load_chip("loihi-like", score), context));
    }
  }
}

TEST_CASE(
    "The readout of 5,947 words is split over neurocores, and too many blocks name the remedy") {
  const ChipDescription chip = load_chip("loihi-like");
  const Network network = word_decoder(4);
  const Mapping mapping = map_network(network, chip, 128);
  // 4 time steps of 160 weights of 8 bits for each of 5,947 neurons, in neurocores of 128 KiB.
  CHECK(slices_of(network, mapping, "readout") >= 29);
  try {
    map_network(word_decoder(25), chip, 128);
    FAIL("a chip of 128 neurocores holds 25 blocks");
  } catch (const MappingError& error) {
    CHECK(error.resource == "neurocores");
    CHECK_THAT(error.what(), Catch::Contains("set grid.width=16"));
  }
}

TEST_CASE("Smaller neurocores hold the same decoder on more of them") {
  const Network network =
      decoder(192, AttentionKind::leaky, NormalizationForm::folded);  // 7,325 neurons on the chip
  const auto cores = [&](const std::string& neurons) {
    const std::vector<std::string> overrides = {"neurocore.neurons=" + neurons};
    return cores_in_use(map_network(network, load_chip("loihi-like", overrides), context));
  };
  CHECK(cores("1024") < cores("256"));
  CHECK(cores("256") < cores("64"));
  CHECK(cores("64") <= 128);
}

}  // namespace synfire
