// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_chip.hpp"

#include <algorithm>
#include <string_view>

#include "sim/error.hpp"
#include "sim/random.hpp"
#include "tests/support/sample_topology.hpp"
#include "topology/slice_needs.hpp"
#include "topology/topologies.hpp"
#include "topology/topology_check.hpp"

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

/// Shape of the chip: tiles, boards, and for GraphML a graph of its own.
void set_grid(RandomStream& random, std::uint64_t seed, ChipDescription& chip) {
  chip.grid.width = one_to(random, 4);
  chip.grid.height = one_to(random, 3);
  chip.grid.cores_per_tile = one_to(random, 3);
  chip.grid.arity = 1 + one_to(random, 3);
  const std::int64_t columns = one_to(random, 2);
  const std::int64_t rows = one_to(random, 2);
  if (chip.grid.topology == TopologyKind::graphml) {
    chip.grid.graph_file = "random.graphml";
    chip.grid.graphml = random_graphml(seed);
  } else {
    chip.board = {columns, rows};
  }
}

void set_links(RandomStream& random, ChipDescription& chip) {
  for (LinkDescription* link : {&chip.horizontal, &chip.vertical, &chip.local, &chip.board_link}) {
    *link = random_link(random);
  }
  chip.flow_control.buffer_depth = one_to(random, 3);
  chip.flow_control.credit_latency = random_duration(random);
  chip.routing.virtual_channels = one_to(random, 3);
}

void set_neurocores(RandomStream& random, ChipDescription& chip) {
  NeurocoreDescription& core = chip.neurocore;
  core.neurons = 1 << 20;
  core.axons_in = 1 << 20;
  core.synapse_memory_bits = std::int64_t{1} << 40;
  core.synapse_word_bits = 8 * one_to(random, 16);
  core.synapse_lanes = one_to(random, 16);
  core.update_lanes = one_to(random, 16);
  core.input_queue = one_to(random, 3);
  core.output_queue = one_to(random, 3);
  core.axon_in_latency = random_duration(random);
  core.synapse_fetch_latency = Duration{static_cast<std::int64_t>(random.below(3)) * 700};
  core.accumulate_latency = random_duration(random);
  core.update_latency = random_duration(random);
  core.spike_out_latency = random_duration(random);
  core.axon_out_latency = random_duration(random);
  chip.attention.realisation =
      random.below(2) == 0 ? AttentionRealisation::score : AttentionRealisation::state;
  chip.attention.memory_bits = std::int64_t{1} << 40;
  chip.attention.lanes = one_to(random, 64);
  chip.attention.operation_latency = random_duration(random);
  chip.dense.lanes = one_to(random, 16);
  chip.dense.mac_latency = random_duration(random);
  chip.dense.function_latency = random_duration(random);
}

/// True once the chip has as many virtual channels as the deadlock check asks for; false if there
/// cannot be so many.
bool add_virtual_channels(ChipDescription& chip) {
  constexpr std::int64_t most = 8;
  for (; chip.routing.virtual_channels <= most; ++chip.routing.virtual_channels) {
    try {
      check_topology(chip);
      return true;
    } catch (const ConfigError& error) {
      if (error.key_path != "routing.virtual_channels") throw;
    }
  }
  return false;
}

}  // namespace

std::vector<NetworkKind> all_network_kinds() {
  std::vector<NetworkKind> kinds;
  for (const auto topology : {TopologyKind::mesh, TopologyKind::torus, TopologyKind::ring,
                              TopologyKind::tree, TopologyKind::crossbar, TopologyKind::graphml}) {
    const bool is_grid = topology == TopologyKind::mesh || topology == TopologyKind::torus;
    for (const auto routing : {RoutingKind::xy, RoutingKind::shortest_path}) {
      if (routing == RoutingKind::xy && !is_grid) continue;
      for (const auto flow_control : {FlowControl::infinite, FlowControl::credit}) {
        for (const auto multicast : {Multicast::unicast, Multicast::tree}) {
          for (const auto synchronisation : {Synchronisation::dataflow, Synchronisation::barrier}) {
            kinds.push_back({topology, routing, flow_control, multicast, synchronisation});
          }
        }
      }
    }
  }
  return kinds;
}

std::string to_string(const NetworkKind& kind) {
  std::string text;
  for (const std::string_view part :
       {to_string(kind.topology), to_string(kind.routing), to_string(kind.flow_control),
        to_string(kind.multicast), to_string(kind.synchronisation)}) {
    text += (text.empty() ? "" : " ") + std::string(part);
  }
  return text;
}

ChipDescription random_chip(std::uint64_t seed, const NetworkKind& kind) {
  RandomStream random(seed, 1);
  ChipDescription chip;
  chip.name = "random";
  chip.grid.topology = kind.topology;
  chip.routing.kind = kind.routing;
  chip.flow_control.kind = kind.flow_control;
  chip.multicast = kind.multicast;
  chip.synchronisation.kind = kind.synchronisation;
  set_grid(random, seed, chip);
  set_links(random, chip);
  set_neurocores(random, chip);
  chip.format.spike_packet_bits = 8 * one_to(random, 8);
  chip.format.graded_packet_bits = 8 * one_to(random, 16);
  chip.format.control_packet_bits = 8 * one_to(random, 8);
  chip.synchronisation.window = one_to(random, 3);
  chip.synchronisation.barrier_latency = random_duration(random);
  chip.host = {random_duration(random), random_link(random).megabits_per_second};
  for (Energy& energy : chip.energy) {
    energy = Energy::attojoules(static_cast<std::int64_t>(random.below(100'000'000)));
  }
  const std::int64_t channels = chip.routing.virtual_channels;
  while (!add_virtual_channels(chip)) {
    chip.routing.virtual_channels = channels;
    chip.grid.graphml = random_graphml(random());
  }
  return chip;
}

ChipDescription random_chip(std::uint64_t seed) {
  const auto kinds = all_network_kinds();
  RandomStream random(seed, 3);
  return random_chip(seed, kinds[random.below(kinds.size())]);
}

Mapping random_mapping(std::uint64_t seed, const Network& network, const ChipDescription& chip) {
  RandomStream random(seed, 2);
  const std::uint64_t cores = build_graph(chip).core_count();
  Mapping mapping;
  mapping.cores.resize(cores);
  for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
    const Population& population = network.populations()[p];
    if (population.model == NeuronModel::input) {
      mapping.slices.push_back({PopulationId{p}, 0, population.size, host_core});
      continue;
    }
    const std::uint32_t grain = undivided_neurons(population);
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
