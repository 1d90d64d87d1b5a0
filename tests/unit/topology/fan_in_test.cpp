// SPDX-License-Identifier: Apache-2.0
#include "topology/fan_in.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "topology/format_check.hpp"
#include "topology/mapping.hpp"
#include "topology/slice_needs.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t context = 8;
constexpr std::uint32_t time_steps = 2;
constexpr PopulationId input{0}, other{1}, residual{2}, readout{3};

Projection dense(PopulationId source, PopulationId target, std::size_t weights) {
  return {.source = source,
          .target = target,
          .weights = std::vector<std::int8_t>(weights, std::int8_t{100})};
}

/// 10 inputs -> 6 lif, one to one -> 4 more; residual of 6 <- inputs (twice) and lif (dense), lif
/// (carry); readout of 3 <- lif with weights for each of 2 time steps.
Network sample_network() {
  Projection carry{.source = other,
                   .target = residual,
                   .port = Port::carry,
                   .connectivity = Connectivity::one_to_one};
  Projection last = dense(other, readout, std::size_t{time_steps} * 6 * 3);
  last.per_time_step = true;
  return Network(time_steps,
                 {{.name = "input", .size = 10, .model = NeuronModel::input},
                  {.name = "lif",
                   .size = 6,
                   .threshold = std::vector<std::int32_t>(6, 1),
                   .bias = std::vector<std::int32_t>(6, 0)},
                  {.name = "block.residual",
                   .size = 6,
                   .model = NeuronModel::residual,
                   .bias = std::vector<std::int32_t>(6, 7),
                   .shift = std::vector<std::int8_t>(6, 2)},
                  {.name = "readout", .size = 3, .model = NeuronModel::readout, .bias = {1, 2, 3}}},
                 {dense(input, other, 60), dense(input, residual, 60), dense(other, residual, 36),
                  dense(input, residual, 60), carry, last});
}

ChipDescription sample_chip() {
  ChipDescription chip;
  chip.grid.width = 8;
  chip.grid.height = 8;
  chip.grid.cores_per_tile = 1;
  chip.neurocore.neurons = 100;
  chip.neurocore.axons_in = 100;
  chip.neurocore.synapse_memory_bits = 10'000;
  return chip;
}

/// What reaches a population, as text: `input[0:5] input[0:5] lif[0:6]`.
std::string inputs_of(const Network& network, const std::string& name) {
  const auto id = network.find(name);
  REQUIRE(id.has_value());
  std::string text;
  for (const ProjectionId incoming : network.incoming(*id)) {
    const Projection& projection = network.projection(incoming);
    text += (text.empty() ? "" : " ") + network.population(projection.source).name;
    if (projection.connectivity == Connectivity::one_to_one) continue;
    text += "[" + std::to_string(projection.source_begin) + ":" +
            std::to_string(projection.source_end) + "]";
  }
  return text;
}

MappingError refusal(const ChipDescription& chip) {
  try {
    split_fan_in(sample_network(), chip);
  } catch (const MappingError& error) {
    return error;
  }
  FAIL("was split");
  throw 0;
}

}  // namespace

TEST_CASE("split_fan_in: a network that fits stays as it is, and shares its weights") {
  const Network network = sample_network();
  ChipDescription chip = sample_chip();
  chip.neurocore.axons_in = 17;  // residual: 10 inputs, 6 lif, of which the carry takes none more
  const Network split = split_fan_in(network, chip);
  REQUIRE(split.populations().size() == 4);
  for (std::size_t i = 0; i < network.projections().size(); ++i) {
    CHECK(split.projections()[i].weights.data() == network.projections()[i].weights.data());
  }
}

TEST_CASE("split_fan_in: the fewest even parts, those of one source together, ids as they were") {
  const Network network = sample_network();
  ChipDescription chip = sample_chip();
  chip.neurocore.axons_in = 15;
  const Network split = split_fan_in(network, chip);
  REQUIRE(split.populations().size() == 6);
  CHECK(split.find("block.residual") == residual);
  CHECK(inputs_of(split, "lif") == "input[0:10]");
  CHECK(inputs_of(split, "block.residual") ==
        "lif block.residual.partial0 block.residual.partial1");
  CHECK(inputs_of(split, "block.residual.partial0") == "input[0:8] input[0:8]");
  CHECK(inputs_of(split, "block.residual.partial1") == "input[8:10] input[8:10] lif[0:6]");
  CHECK(split.population(residual).bias == network.population(residual).bias);
  CHECK(split.population(PopulationId{4}).size == 6);
  CHECK(split.population(PopulationId{4}).bias == std::vector<std::int32_t>(6, 0));
  for (const Projection& projection : split.projections()) {
    if (projection.connectivity == Connectivity::one_to_one) continue;
    CHECK(std::ranges::any_of(network.projections(), [&](const Projection& whole) {
      return whole.weights.data() == projection.weights.data();
    }));
  }
}

TEST_CASE("split_fan_in: parts need their sources, the whole an axon a part and a neuron") {
  ChipDescription chip = sample_chip();
  chip.neurocore.axons_in = 15;
  const Network split = split_fan_in(sample_network(), chip);
  const auto use = [&](const char* name, std::int64_t neurons) {
    return slice_needs(split, *split.find(name), chip, context).of(neurons);
  };
  CHECK(use("block.residual.partial0", 3) ==
        CoreUse{.neurons = 3, .axons_in = 8, .synapse_memory_bits = 3 * (8 + 8) * 8});
  CHECK(use("block.residual.partial1", 1) ==
        CoreUse{.neurons = 1, .axons_in = 8, .synapse_memory_bits = (2 + 2 + 6) * 8});
  CHECK(use("block.residual", 3) == CoreUse{.neurons = 3, .axons_in = 3 * 3});
  CHECK_NOTHROW(map_network(split, chip, context));
}

TEST_CASE("split_fan_in: synapse memory counts the weights of all time steps") {
  ChipDescription chip = sample_chip();
  chip.neurocore.synapse_memory_bits = 6 * 2 * 8 - 1;  // one readout neuron takes one bit more
  const Network split = split_fan_in(sample_network(), chip);
  CHECK(inputs_of(split, "readout") == "readout.partial0 readout.partial1");
  CHECK(inputs_of(split, "readout.partial0") == "lif[0:3]");
  CHECK(inputs_of(split, "readout.partial1") == "lif[3:6]");
  CHECK(split.find("block.residual.partial2").has_value());  // 208 bits
  CHECK_FALSE(split.find("block.residual.partial3").has_value());
}

TEST_CASE("split_fan_in: where even parts do not fit, the first ones are full") {
  ChipDescription chip = sample_chip();
  chip.neurocore.axons_in = 9;
  chip.neurocore.synapse_memory_bits = 7 * 16;  // 7 inputs that have two weights, or 9 lif
  const Network split = split_fan_in(sample_network(), chip);
  CHECK(inputs_of(split, "block.residual.partial0") == "input[0:7] input[0:7]");
  CHECK(inputs_of(split, "block.residual.partial1") == "input[7:10] input[7:10] lif[0:6]");
}

TEST_CASE("split_fan_in: more parts than a neuron has axons are refused with both numbers") {
  ChipDescription chip = sample_chip();
  chip.neurocore.axons_in = 5;  // 16 sources: 4 parts and the carry
  CHECK_NOTHROW(split_fan_in(sample_network(), chip));
  chip.neurocore.axons_in = 4;
  const MappingError error = refusal(chip);
  CHECK(error.population == "block.residual");
  CHECK(error.resource == "axons_in");
  CHECK_THAT(error.what(),
             Catch::Contains("needs 5 axons of neurocore.axons_in even if its dense "
                             "inputs come as 4 partial sums, a neurocore has 4 axons"));
}

TEST_CASE("split_fan_in: a synapse that is larger than a neurocore's memory is refused") {
  ChipDescription chip = sample_chip();
  chip.neurocore.synapse_memory_bits = 15;
  const MappingError error = refusal(chip);
  CHECK(error.population == "block.residual");
  CHECK(error.resource == "synapse_memory");
  CHECK_THAT(error.what(), Catch::Contains("one synapse needs 2 B, a neurocore has 1.875 B"));
}

TEST_CASE("split_fan_in: payloads must hold a partial sum, or both widths are named") {
  ChipDescription chip = sample_chip();
  chip.neurocore.axons_in = 8;  // residual: two parts, of up to 8 inputs with two weights of 100
  const Network split = split_fan_in(sample_network(), chip);
  chip.format.payload_bits = 12;  // -2048..2047
  CHECK_NOTHROW(map_network(split, chip, context));
  chip.format.payload_bits = 11;
  try {
    map_network(split, chip, context);
    FAIL("was mapped");
  } catch (const MappingError& error) {
    CHECK(error.resource == "payload_width");
    CHECK_THAT(error.what(), Catch::Contains("need 12 bits, the chip has 11"));
  }
}

TEST_CASE("layer_of: partial sums are in the layer of the population that they belong to") {
  CHECK(partial_sum_name("block0.mlp.hidden", 3) == "block0.mlp.hidden.partial3");
  CHECK(whole_of("block0.mlp.hidden.partial12") == "block0.mlp.hidden");
  CHECK(whole_of("a.partial") == "a.partial");
  CHECK(whole_of("a.partial1x") == "a.partial1x");
  CHECK(layer_of("block0.mlp.hidden.partial3") == "block0.mlp");
  CHECK(layer_of("readout.partial3") == "readout");
}

}  // namespace synfire
