// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_chip.hpp"

#include <algorithm>

#include "sim/random.hpp"

namespace synfire::test {
namespace {

Duration random_duration(RandomStream& random) {
  return Duration{1 + static_cast<std::int64_t>(random.below(5000))};
}

LinkDescription random_link(RandomStream& random) {
  constexpr std::int64_t a_byte_per_nanosecond = 8000;
  return {random_duration(random),
          a_byte_per_nanosecond * static_cast<std::int64_t>(random.below(4))};
}

std::int64_t one_to(RandomStream& random, std::uint64_t most) {
  return 1 + static_cast<std::int64_t>(random.below(most));
}

}  // namespace

ChipDescription random_chip(std::uint64_t seed) {
  RandomStream random(seed, 1);
  ChipDescription chip;
  chip.name = "random";
  chip.grid.width = one_to(random, 4);
  chip.grid.height = one_to(random, 3);
  chip.grid.cores_per_tile = one_to(random, 3);
  chip.horizontal = random_link(random);
  chip.vertical = random_link(random);
  chip.local = random_link(random);
  chip.neurocore.neurons = 1 << 20;
  chip.neurocore.axons_in = 1 << 20;
  chip.neurocore.synapse_memory_bits = std::int64_t{1} << 40;
  chip.neurocore.synapse_lanes = one_to(random, 16);
  chip.neurocore.update_lanes = one_to(random, 16);
  chip.neurocore.axon_in_latency = random_duration(random);
  chip.neurocore.accumulate_latency = random_duration(random);
  chip.neurocore.update_latency = random_duration(random);
  chip.neurocore.spike_out_latency = random_duration(random);
  chip.neurocore.axon_out_latency = random_duration(random);
  chip.attention.realisation =
      random.below(2) == 0 ? AttentionRealisation::score : AttentionRealisation::state;
  chip.attention.memory_bits = std::int64_t{1} << 40;
  chip.attention.lanes = one_to(random, 64);
  chip.attention.operation_latency = random_duration(random);
  chip.synchronisation.kind =
      random.below(2) == 0 ? Synchronisation::dataflow : Synchronisation::barrier;
  chip.synchronisation.window = one_to(random, 3);
  chip.synchronisation.barrier_latency = random_duration(random);
  chip.host = {random_duration(random), random_link(random).megabits_per_second};
  for (Energy& energy : chip.energy) {
    energy = Energy::attojoules(static_cast<std::int64_t>(random.below(100'000'000)));
  }
  return chip;
}

Mapping random_mapping(std::uint64_t seed, const Network& network, const ChipDescription& chip) {
  RandomStream random(seed, 2);
  const auto cores =
      static_cast<std::uint64_t>(chip.grid.width * chip.grid.height * chip.grid.cores_per_tile);
  Mapping mapping;
  mapping.cores.resize(cores);
  for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
    const Population& population = network.populations()[p];
    if (population.model == NeuronModel::input) {
      mapping.slices.push_back({PopulationId{p}, 0, population.size, host_core});
      continue;
    }
    const bool is_attention = population.model == NeuronModel::attention;
    const std::uint32_t grain = is_attention ? population.size / population.attention.heads : 1;
    for (std::uint32_t begin = 0; begin < population.size;) {
      const std::uint32_t grains = (population.size - begin) / grain;
      const auto size = grain * static_cast<std::uint32_t>(1 + random.below(grains));
      mapping.slices.push_back({PopulationId{p}, begin, begin + size,
                                CoreId{static_cast<std::uint32_t>(random.below(cores))}});
      begin += size;
    }
  }
  return mapping;
}

}  // namespace synfire::test
