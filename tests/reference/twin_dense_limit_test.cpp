// SPDX-License-Identifier: Apache-2.0
// The honest baseline (Yan et al., arXiv 2409.08290): where every neuron fires in every step and
// only moved bits and operations on bits cost, T steps of spikes take T / ceil(log2(T + 1)) times
// the energy of the quantised twin.
#include <optional>

#include <catch2/catch.hpp>

#include "analysis/energy.hpp"
#include "analysis/twin_report.hpp"
#include "tests/support/activity_probe.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/seed.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

/// T and ceil(log2(T + 1)).
const std::vector<std::pair<std::uint32_t, std::int64_t>> steps_and_bits = {
    {1, 1}, {2, 2}, {3, 2}, {4, 3}, {7, 3}, {8, 4}, {15, 4}};

/// input -> a -> query, key, value -> attention -> b -> readout. Weights and thresholds are such
/// that all neurons fire in every step.
Network always_firing(std::uint32_t time_steps, AttentionKind kind) {
  const auto population = [](const char* name, std::uint32_t size, NeuronModel model) {
    Population result;
    result.name = name;
    result.size = size;
    result.model = model;
    if (model == NeuronModel::lif || model == NeuronModel::attention) {
      result.threshold.assign(size, 1);
    }
    if (model == NeuronModel::lif || model == NeuronModel::readout) result.bias.assign(size, 0);
    return result;
  };
  std::vector<Population> populations = {population("input", 6, NeuronModel::input),
                                         population("a", 10, NeuronModel::lif),
                                         population("query", 8, NeuronModel::lif),
                                         population("key", 8, NeuronModel::lif),
                                         population("value", 8, NeuronModel::lif),
                                         population("attention", 8, NeuronModel::attention),
                                         population("b", 12, NeuronModel::lif),
                                         population("readout", 5, NeuronModel::readout)};
  populations[5].attention.kind = kind;
  populations[5].attention.heads = 2;
  if (kind == AttentionKind::leaky) {
    populations[5].attention.decay_shift = {2, 3};
    populations[5].attention.fraction_bits = 2;
  }
  std::vector<Projection> projections;
  const auto join = [&](std::uint32_t source, std::uint32_t target) -> Projection& {
    projections.emplace_back();
    projections.back().source = PopulationId{source};
    projections.back().target = PopulationId{target};
    return projections.back();
  };
  for (const auto& [source, target] :
       {std::pair{0U, 1U}, {1U, 2U}, {1U, 3U}, {1U, 4U}, {5U, 6U}, {6U, 7U}}) {
    join(source, target)
        .weights.assign(std::size_t{populations[source].size} * populations[target].size, 1);
  }
  for (const auto& [source, port] :
       {std::pair{2U, Port::query}, {3U, Port::key}, {4U, Port::value}}) {
    Projection& projection = join(source, 5);
    projection.port = port;
    projection.connectivity = Connectivity::one_to_one;
  }
  return {time_steps, std::move(populations), std::move(projections)};
}

/// Only bits that move between routers and operations on them cost anything.
void price_bits_alone(ChipDescription& chip) {
  chip.energy.fill(Energy{});
  chip.static_power = {};
  const auto set = [&](Action action, std::int64_t attojoules) {
    chip.energy[static_cast<std::size_t>(action)] = Energy::attojoules(attojoules);
  };
  constexpr std::int64_t moved = 250'000;
  constexpr std::int64_t computed = 54'480;
  set(Action::link_bit, moved);
  set(Action::board_link_bit, moved);
  for (const Action action :
       {Action::synaptic_operation, Action::attention_and_popcount, Action::attention_accumulate,
        Action::attention_state_update, Action::multiply_accumulate_bit}) {
    set(action, computed);
  }
  chip.format.spike_packet_bits = 1;
}

/// A neurocore at the host's router; nothing if there is none (the root of a tree, a hub).
std::optional<CoreId> core_beside_host(const ChipDescription& chip) {
  const RouterGraph graph = build_graph(chip);
  for (std::uint32_t core = 0; core < graph.core_count(); ++core) {
    if (graph.router_of(CoreId{core}) == graph.router_of(host_core)) return CoreId{core};
  }
  return std::nullopt;
}

/// Logits are as wide with spikes as without, so they shall move nothing.
void put_readout(CoreId core, Mapping& mapping) {
  for (PopulationSlice& slice : mapping.slices) {
    if (slice.population == PopulationId{7}) slice.core = core;
  }
}

struct Energies {
  std::int64_t spiking;
  std::int64_t quantised;
};

SimulationTotals run_spiking(const Network& network, const ChipDescription& chip,
                             const Mapping& mapping, std::uint32_t tokens) {
  const std::vector<std::uint32_t> all = {0, 1, 2, 3, 4, 5};
  ActivityProbe probe;
  ChipSimulation simulation(network, chip, mapping, {}, probe);
  for (std::uint32_t i = 0; i < tokens; ++i) simulation.push_token(all);
  simulation.drain();
  const SimulationTotals& totals = simulation.totals();
  for (std::uint32_t p = 0; p + 1 < network.populations().size(); ++p) {
    REQUIRE(totals.spikes_per_population[p] ==
            std::int64_t{tokens} * network.time_steps() * network.populations()[p].size);
  }
  return totals;
}

Energies run_both(const Network& network, const ChipDescription& chip, const Mapping& mapping) {
  constexpr std::uint32_t tokens = 3;
  const std::vector<HostCall> calls(tokens, HostCall::push_token);
  const SimulationTotals spiking = run_spiking(network, chip, mapping, tokens);
  const TwinReport twin = run_twin(network, chip, mapping, {.kind = TwinKind::quantised}, calls);
  return {price(spiking, network, mapping, chip).total().in_attojoules(),
          twin.energy.total().in_attojoules()};
}

}  // namespace

TEST_CASE("digital-22nm: all firing, moved bits cost 12 T, operations T, of b of the twin's") {
  const ChipDescription chip = load_chip("digital-22nm");  // a spike moves as 12 dense bits
  const std::vector<HostCall> calls(3, HostCall::push_token);
  for (const auto& [steps, bits] : steps_and_bits) {
    INFO("T = " << steps);
    const Network network = always_firing(steps, AttentionKind::published);
    Mapping mapping = random_mapping(base_seed(), network, chip);
    put_readout(*core_beside_host(chip), mapping);
    const SimulationTotals totals = run_spiking(network, chip, mapping, 3);
    const EnergyReport spiking = price(totals, network, mapping, chip);
    const EnergyReport twin =
        run_twin(network, chip, mapping, {.kind = TwinKind::quantised}, calls).energy;
    const auto of = [](const EnergyReport& energy, Action action) {
      return energy.by_action[static_cast<std::size_t>(action)].in_attojoules();
    };
    const std::int64_t operations = of(spiking, Action::synaptic_operation) +
                                    of(spiking, Action::attention_accumulate) +
                                    of(spiking, Action::attention_state_update);
    REQUIRE(of(twin, Action::link_bit) > 0);
    CHECK(of(spiking, Action::link_bit) * bits == of(twin, Action::link_bit) * 12 * steps);
    CHECK(operations * bits == of(twin, Action::multiply_accumulate_bit) * steps);
  }
}

TEST_CASE("Dense limit: all firing, bits alone priced, spikes cost T / ceil(log2(T+1)) of a twin") {
  const auto kinds = all_network_kinds();
  int compared = 0;
  for (std::uint64_t i = 0; i < kinds.size(); i += 2) {
    const std::uint64_t seed = base_seed() + i;
    INFO("SYNFIRE_SEED=" << seed << ", " << to_string(kinds[i]));
    ChipDescription chip = random_chip(seed, kinds[i]);
    price_bits_alone(chip);
    const auto readout_core = core_beside_host(chip);
    if (!readout_core) continue;
    for (const auto& [steps, bits] : steps_and_bits) {
      INFO("T = " << steps);
      const Network network =
          always_firing(steps, seed % 2 == 0 ? AttentionKind::published : AttentionKind::leaky);
      Mapping mapping = random_mapping(seed, network, chip);
      put_readout(*readout_core, mapping);
      const Energies energies = run_both(network, chip, mapping);
      REQUIRE(energies.quantised > 0);
      REQUIRE(energies.spiking * bits == energies.quantised * steps);
      ++compared;
    }
  }
  CHECK(compared > 100);
}

}  // namespace synfire::test
