// SPDX-License-Identifier: Apache-2.0
#include "topology/mapping.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t context = 8;
constexpr PopulationId input{0}, hidden{1}, residual{2}, attention{3}, readout{4};

Population lif(std::string name, std::uint32_t size) {
  return {.name = std::move(name),
          .size = size,
          .model = NeuronModel::lif,
          .threshold = std::vector<std::int32_t>(size, 1),
          .bias = std::vector<std::int32_t>(size, 0)};
}

Projection dense(PopulationId source, PopulationId target, std::size_t weights) {
  return {.source = source,
          .target = target,
          .weights = std::vector<std::int8_t>(weights, std::int8_t{3})};
}

Projection one_to_one(PopulationId source, PopulationId target, Port port) {
  return {
      .source = source, .target = target, .port = port, .connectivity = Connectivity::one_to_one};
}

/// 10 inputs -> 12 hidden -> 12 residual (carrying nothing) ; hidden -> attention of 3 heads of 4;
/// attention -> 5 readout with weights for each of 2 time steps.
Network sample_network() {
  Population residual_population{.name = "residual",
                                 .size = 12,
                                 .model = NeuronModel::residual,
                                 .bias = std::vector<std::int32_t>(12, 0),
                                 .shift = std::vector<std::int8_t>(12, 0)};
  Population attention_population{.name = "attention",
                                  .size = 12,
                                  .model = NeuronModel::attention,
                                  .threshold = std::vector<std::int32_t>(12, 1)};
  attention_population.attention.heads = 3;
  Population readout_population{.name = "readout",
                                .size = 5,
                                .model = NeuronModel::readout,
                                .bias = std::vector<std::int32_t>(5, 0)};
  Projection last = dense(attention, readout, std::size_t{2} * 12 * 5);
  last.per_time_step = true;
  return Network(
      2,
      {{.name = "input", .size = 10, .model = NeuronModel::input},
       lif("hidden", 12),
       residual_population,
       attention_population,
       readout_population},
      {dense(input, hidden, 120), dense(hidden, residual, 144),
       one_to_one(hidden, attention, Port::query), one_to_one(hidden, attention, Port::key),
       one_to_one(hidden, attention, Port::value), last});
}

ChipDescription sample_chip() {
  ChipDescription chip = load_chip("ideal");
  chip.grid = {.width = 4, .height = 2, .cores_per_tile = 2};
  return chip;
}

std::vector<PopulationSlice> slices_of(const Mapping& mapping, PopulationId population) {
  std::vector<PopulationSlice> slices;
  std::ranges::copy_if(
      mapping.slices, std::back_inserter(slices),
      [&](const PopulationSlice& slice) { return slice.population == population; });
  return slices;
}

/// Resource that ran out, with the population's name; `mapped` if none did.
std::pair<std::string, std::string> refusal(const ChipDescription& chip) {
  try {
    map_network(sample_network(), chip, context);
  } catch (const MappingError& error) {
    return {error.population, error.resource};
  }
  return {"", "mapped"};
}

std::pair<std::string, std::string> of(const char* population, const char* resource) {
  return {population, resource};
}

}  // namespace

TEST_CASE("map_network: a core takes several populations while all its capacities suffice") {
  const Mapping mapping = map_network(sample_network(), sample_chip(), context);
  REQUIRE(mapping.slices.size() == 5);
  CHECK(mapping.cores.size() == 16);
  CHECK(mapping.slices[0] == PopulationSlice{input, 0, 10, host_core});
  for (std::size_t i = 1; i < 5; ++i) CHECK(mapping.slices[i].core == CoreId{0});
  const CoreUse& use = mapping.cores[0];
  CHECK(use.neurons == 12 + 12 + 12 + 5);
  CHECK(use.axons_in == 10 + 12 + 12 + 12);  // the attention counts hidden once for q, k, v
  CHECK(use.synapse_memory_bits == 8 * (120 + 144 + 2 * 60));
  CHECK(use.attention_memory_bits == 2 * 3 * 4 * 4 * 4);  // steps, heads, d, d, bits for 0..8
}

TEST_CASE("map_network: a population that must be split is split evenly") {
  ChipDescription chip = sample_chip();
  chip.neurocore.neurons = 5;
  const Mapping mapping = map_network(sample_network(), chip, context);
  const auto slices = slices_of(mapping, hidden);
  REQUIRE(slices.size() == 3);
  for (std::uint32_t i = 0; i < 3; ++i) {
    CHECK(slices[i] == PopulationSlice{hidden, 4 * i, 4 * i + 4, CoreId{i}});
  }
}

TEST_CASE("map_network: attention is split between heads") {
  ChipDescription chip = sample_chip();
  chip.neurocore.neurons = 11;
  const auto slices = slices_of(map_network(sample_network(), chip, context), attention);
  REQUIRE(slices.size() == 2);
  CHECK(slices[0].size() == 8);
  CHECK(slices[1].size() == 4);
}

TEST_CASE("map_network: successive cores lie on neighbouring tiles, back and forth") {
  ChipDescription chip = sample_chip();
  chip.grid = {.width = 2, .height = 4, .cores_per_tile = 1};
  chip.neurocore.neurons = 12;
  chip.neurocore.axons_in = 12;
  const Mapping mapping = map_network(sample_network(), chip, context);
  std::vector<std::uint32_t> cores;
  for (const PopulationSlice& slice : mapping.slices) cores.push_back(index(slice.core));
  CHECK(cores == std::vector<std::uint32_t>{index(host_core), 0, 1, 3, 2});
}

TEST_CASE("map_network: every capacity has a tight limit that is named when it is passed") {
  ChipDescription chip = sample_chip();
  const auto limit = [&](std::int64_t& capacity, std::int64_t enough, const char* population,
                         const char* resource) {
    const std::int64_t before = capacity;
    capacity = enough;
    CHECK(refusal(chip) == of("", "mapped"));
    capacity = enough - 1;
    CHECK(refusal(chip) == of(population, resource));
    capacity = before;
  };
  chip.grid = {.width = 64, .height = 2, .cores_per_tile = 2};
  limit(chip.neurocore.neurons, 4, "attention", "neurons");  // a head
  limit(chip.neurocore.axons_in, 12, "residual", "axons_in");
  limit(chip.neurocore.synapse_memory_bits, 2 * 12 * 8, "readout", "synapse_memory");
  limit(chip.attention.memory_bits, 2 * 4 * 4 * 4, "attention", "attention_memory");
  chip.attention.realisation = AttentionRealisation::score;
  limit(chip.attention.memory_bits, 2 * 8 * 2 * 4, "attention", "attention_memory");
}

TEST_CASE("map_network: too few neurocores: how many it takes and the width that has them") {
  ChipDescription chip = sample_chip();
  chip.grid = {.width = 1, .height = 2, .cores_per_tile = 2};
  chip.neurocore.neurons = 4;  // 3 + 3 + 3 + 2 slices
  CHECK(refusal(chip) == of("residual", "neurocores"));
  CHECK_THROWS_WITH(map_network(sample_network(), chip, context),
                    Catch::Contains("needs 11, the chip has 4; set grid.width=3"));
  chip.grid.width = 3;
  CHECK(refusal(chip) == of("", "mapped"));
  chip.grid.width = 1;
  chip.board.columns = 2;
  CHECK_THROWS_WITH(map_network(sample_network(), chip, context),
                    Catch::Contains("needs 11, the chip has 8; set grid.width=2"));
}

TEST_CASE("map_network: too few neurocores in a GraphML file: a larger graph is asked for") {
  ChipDescription chip = sample_chip();
  chip.neurocore.neurons = 4;
  chip.grid.topology = TopologyKind::graphml;
  chip.grid.graphml = R"(<graphml><graph edgedefault="directed"><node id="a"/></graph></graphml>)";
  CHECK(refusal(chip) == of("hidden", "neurocores"));
  CHECK_THROWS_WITH(map_network(sample_network(), chip, context),
                    Catch::Contains("needs 11, the chip has 2; use a graph with more routers"));
}

TEST_CASE("map_network: boards and other topologies offer all their neurocores") {
  for (const TopologyKind topology : {TopologyKind::mesh, TopologyKind::torus, TopologyKind::ring,
                                      TopologyKind::tree, TopologyKind::crossbar}) {
    ChipDescription chip = sample_chip();
    chip.grid = {.topology = topology, .width = 2, .height = 1, .cores_per_tile = 2};
    chip.board = {2, 3};
    CHECK(map_network(sample_network(), chip, context).cores.size() == 24);
  }
}

TEST_CASE("map_network: a format narrower than the proven bounds is refused with both widths") {
  ChipDescription chip = sample_chip();
  chip.format.weight_bits = 3;  // weights of 3 need 3 bits
  CHECK(refusal(chip) == of("", "mapped"));
  chip.format.weight_bits = 2;
  CHECK(refusal(chip) == of("hidden", "weight_width"));
  chip = sample_chip();
  chip.format.accumulator_bits = 6;
  CHECK(refusal(chip) == of("hidden", "accumulator_width"));  // 2 * 30 needs 7 bits
  chip.format.accumulator_bits = 32;
  chip.format.payload_bits = 4;
  CHECK(refusal(chip) == of("residual", "payload_width"));
  CHECK_THROWS_WITH(map_network(sample_network(), chip, context),
                    Catch::Contains("payloads need 7 bits, the chip has 4"));
}

}  // namespace synfire
