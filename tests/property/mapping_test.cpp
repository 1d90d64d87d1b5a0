// SPDX-License-Identifier: Apache-2.0
#include "topology/mapping.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "sim/random.hpp"
#include "tests/support/seed.hpp"

namespace synfire {
namespace {

std::uint32_t one_to(RandomStream& random, std::uint32_t most) {
  return 1 + static_cast<std::uint32_t>(random.below(most));
}

Population random_lif(const std::string& name, std::uint32_t size) {
  return {.name = name,
          .size = size,
          .model = NeuronModel::lif,
          .threshold = std::vector<std::int32_t>(size, 1),
          .bias = std::vector<std::int32_t>(size, 0)};
}

Population random_attention(RandomStream& random, const std::string& name, std::uint32_t heads,
                            std::uint32_t size) {
  Population population{.name = name,
                        .size = size,
                        .model = NeuronModel::attention,
                        .threshold = std::vector<std::int32_t>(size, 1)};
  population.attention.heads = heads;
  if (random.below(2) == 0) {
    population.attention.kind = AttentionKind::leaky;
    population.attention.fraction_bits = 4;
    for (std::uint32_t h = 0; h < heads; ++h) {
      population.attention.decay_shift.push_back(static_cast<std::uint8_t>(one_to(random, 5)));
    }
  }
  return population;
}

/// Layers of LIF populations, each from one to three earlier ones, some followed by attention.
Network random_network(std::uint64_t seed) {
  RandomStream random(seed, 1);
  std::vector<Population> populations = {
      {.name = "input", .size = one_to(random, 40), .model = NeuronModel::input}};
  std::vector<Projection> projections;
  const std::uint32_t layers = one_to(random, 8);
  for (std::uint32_t layer = 0; layer < layers; ++layer) {
    const PopulationId target{static_cast<std::uint32_t>(populations.size())};
    const std::uint32_t heads = one_to(random, 4);
    const std::uint32_t size = heads * one_to(random, 15);
    const std::string name = "layer" + std::to_string(layer);
    const std::uint32_t sources = one_to(random, 3);
    for (std::uint32_t i = 0; i < sources; ++i) {
      const PopulationId source{static_cast<std::uint32_t>(random.below(index(target)))};
      const std::size_t weights = std::size_t{populations[index(source)].size} * size;
      projections.push_back({.source = source,
                             .target = target,
                             .weights = std::vector<std::int8_t>(weights, std::int8_t{1})});
    }
    populations.push_back(random_lif(name, size));
    if (random.below(2) == 0) continue;
    populations.push_back(random_attention(random, name + ".attention", heads, size));
    for (const Port port : {Port::query, Port::key, Port::value}) {
      projections.push_back({.source = target,
                             .target = PopulationId{index(target) + 1},
                             .port = port,
                             .connectivity = Connectivity::one_to_one});
    }
  }
  return Network(one_to(random, 4), std::move(populations), std::move(projections));
}

ChipDescription small_chip(std::uint64_t seed) {
  RandomStream random(seed, 2);
  ChipDescription chip = load_chip("ideal");
  chip.grid = {
      .width = one_to(random, 6), .height = one_to(random, 6), .cores_per_tile = one_to(random, 3)};
  chip.neurocore.neurons = one_to(random, 80);
  chip.neurocore.axons_in = 20 + one_to(random, 200);
  chip.neurocore.synapse_memory_bits = 100 + one_to(random, 20'000);
  chip.attention.memory_bits = 100 + one_to(random, 5'000);
  if (random.below(2) == 0) chip.attention.realisation = AttentionRealisation::score;
  return chip;
}

void check_cover(const Network& network, const Mapping& mapping, std::size_t cores) {
  std::vector<std::uint32_t> next(network.populations().size(), 0);
  for (const PopulationSlice& slice : mapping.slices) {
    const Population& population = network.population(slice.population);
    REQUIRE(slice.begin == next[index(slice.population)]);
    REQUIRE(slice.end > slice.begin);
    next[index(slice.population)] = slice.end;
    const bool is_input = population.model == NeuronModel::input;
    REQUIRE((is_input ? slice.core == host_core : index(slice.core) < cores));
    if (population.model != NeuronModel::attention) continue;
    const std::uint32_t head = population.size / population.attention.heads;
    REQUIRE(slice.begin % head == 0);
    REQUIRE(slice.end % head == 0);
  }
  for (std::size_t i = 0; i < next.size(); ++i) {
    REQUIRE(next[i] == network.populations()[i].size);
  }
}

std::int64_t attention_bits(const Network& network, const Population& population,
                            const ChipDescription& chip, std::uint32_t context) {
  if (population.model != NeuronModel::attention) return 0;
  const std::int64_t d = population.size / population.attention.heads;
  if (population.attention.kind == AttentionKind::leaky) {
    const int k = *std::ranges::max_element(population.attention.decay_shift);
    return network.time_steps() * d * (population.attention.fraction_bits + k + 1);
  }
  if (chip.attention.realisation == AttentionRealisation::score) {
    return std::int64_t{2} * network.time_steps() * context;
  }
  int bits = 0;
  while ((1U << bits) < context + 1) ++bits;
  return network.time_steps() * d * bits;
}

/// What the cores hold, counted neuron by neuron and source by source.
std::vector<CoreUse> counted_use(const Network& network, const Mapping& mapping,
                                 const ChipDescription& chip, std::uint32_t context) {
  std::vector<CoreUse> cores(mapping.cores.size());
  for (const PopulationSlice& slice : mapping.slices) {
    if (slice.core == host_core) continue;
    const Population& population = network.population(slice.population);
    CoreUse& use = cores[index(slice.core)];
    std::set<PopulationId> sources;
    for (const ProjectionId id : network.incoming(slice.population)) {
      const Projection& projection = network.projection(id);
      const bool is_dense = projection.connectivity == Connectivity::dense;
      const std::int64_t size =
          is_dense ? network.population(projection.source).size : slice.size();
      if (sources.insert(projection.source).second) use.axons_in += size;
      if (is_dense) use.synapse_memory_bits += size * slice.size() * chip.format.weight_bits;
    }
    use.neurons += slice.size();
    use.attention_memory_bits += slice.size() * attention_bits(network, population, chip, context);
  }
  return cores;
}

}  // namespace

TEST_CASE("A mapping covers every neuron once and respects every capacity, or names what ran out") {
  constexpr std::uint64_t cases = 400;
  std::map<std::string, int> outcomes;
  for (std::uint64_t i = 0; i < cases; ++i) {
    const std::uint64_t seed = test::base_seed() + i;
    INFO("seed " << seed);
    const Network network = random_network(seed);
    const ChipDescription chip = small_chip(seed);
    const auto context = static_cast<std::uint32_t>(1 + seed % 40);
    try {
      const Mapping mapping = map_network(network, chip, context);
      check_cover(network, mapping, mapping.cores.size());
      REQUIRE(mapping.cores == counted_use(network, mapping, chip, context));
      for (const CoreUse& use : mapping.cores) {
        REQUIRE(use.neurons <= chip.neurocore.neurons);
        REQUIRE(use.axons_in <= chip.neurocore.axons_in);
        REQUIRE(use.synapse_memory_bits <= chip.neurocore.synapse_memory_bits);
        REQUIRE(use.attention_memory_bits <= chip.attention.memory_bits);
      }
      ++outcomes["mapped"];
    } catch (const MappingError& error) {
      REQUIRE(network.find(error.population).has_value());
      ++outcomes[error.resource];
    }
  }
  CHECK(outcomes["mapped"] > 40);
  for (const char* resource :
       {"neurons", "axons_in", "synapse_memory", "attention_memory", "neurocores"}) {
    INFO(resource);
    CHECK(outcomes[resource] > 0);
  }
}

}  // namespace synfire
