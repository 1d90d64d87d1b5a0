// SPDX-License-Identifier: Apache-2.0
#include "tests/support/micro_benchmark.hpp"

#include <numeric>

#include "analysis/energy.hpp"
#include "tests/support/activity_probe.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire::test {
namespace {

constexpr std::uint32_t channels = 8;

Population population(std::string name, std::uint32_t size, NeuronModel model) {
  Population result;
  result.name = std::move(name);
  result.size = size;
  result.model = model;
  return result;
}

Population input(std::uint32_t size) {
  return population("input", size, NeuronModel::input);
}

/// The first `firing` neurons fire in every step, the others never.
Population lif(std::uint32_t size, std::uint32_t firing) {
  Population result = population("cells", size, NeuronModel::lif);
  result.threshold.assign(size, 1);
  result.bias.assign(size, 0);
  for (std::uint32_t i = 0; i < firing; ++i) result.bias[i] = 2;
  return result;
}

Population readout(std::uint32_t size) {
  Population result = population("readout", size, NeuronModel::readout);
  result.bias.assign(size, 0);
  return result;
}

Projection dense(std::uint32_t source, std::uint32_t target, std::size_t synapses) {
  Projection result;
  result.source = PopulationId{source};
  result.target = PopulationId{target};
  result.weights = std::vector<std::int8_t>(synapses, 0);
  return result;
}

Projection one_to_one(std::uint32_t source, std::uint32_t target, Port port = Port::current) {
  Projection result;
  result.source = PopulationId{source};
  result.target = PopulationId{target};
  result.port = port;
  result.connectivity = Connectivity::one_to_one;
  return result;
}

MicroRun run(const Network& network, const Mapping& mapping, const ChipDescription& chip,
             std::uint32_t spikes) {
  ActivityProbe probe;
  ChipSimulation simulation(network, chip, mapping, {}, probe);
  std::vector<std::uint32_t> fired(spikes);
  std::iota(fired.begin(), fired.end(), 0);
  simulation.push_token(fired);
  simulation.run_until_readout(0);
  simulation.drain();
  const SimulationTotals& totals = simulation.totals();
  return {price(totals, network, mapping, chip).dynamic,
          probe.tokens.front().finished.time_since_epoch(), totals.barriers};
}

}  // namespace

MicroRun measure(const MicroChain& chain, const ChipDescription& chip) {
  const auto readouts = static_cast<std::uint32_t>(chain.readout_cores.size());
  const Network network(1, {input(channels), lif(chain.cells, chain.firing), readout(readouts)},
                        {dense(0, 1, std::size_t{channels} * chain.cells),
                         dense(1, 2, std::size_t{chain.cells} * readouts)});
  Mapping mapping;
  mapping.slices = {{PopulationId{0}, 0, channels, host_core},
                    {PopulationId{1}, 0, chain.cells, CoreId{chain.cells_core}}};
  for (std::uint32_t i = 0; i < readouts; ++i) {
    const CoreId core{chain.readout_cores[i]};
    PopulationSlice& last = mapping.slices.back();
    if (i > 0 && last.core == core) {
      ++last.end;
    } else {
      mapping.slices.push_back({PopulationId{2}, i, i + 1, core});
    }
  }
  return run(network, mapping, chip, chain.spikes);
}

MicroRun measure(const MicroAttention& attention, const ChipDescription& chip) {
  const std::uint32_t width = attention.head_dimension;
  Population head = population("attention", width, NeuronModel::attention);
  head.threshold.assign(width, 1 << 20);
  if (attention.is_leaky) head.attention = {AttentionKind::leaky, 1, {4}, 0};
  const Network network(1, {input(width), head, readout(1)},
                        {one_to_one(0, 1, Port::query), one_to_one(0, 1, Port::key),
                         one_to_one(0, 1, Port::value), dense(1, 2, width)});
  Mapping mapping;
  mapping.slices = {{PopulationId{0}, 0, width, host_core},
                    {PopulationId{1}, 0, width, CoreId{0}},
                    {PopulationId{2}, 0, 1, CoreId{1}}};
  return run(network, mapping, chip, attention.spikes);
}

MicroRun measure(const MicroGraded& graded, const ChipDescription& chip) {
  const std::uint32_t width = graded.width;
  Population residual = population("residual", width, NeuronModel::residual);
  residual.bias.assign(width, 0);
  residual.shift.assign(width, 0);
  Population norm = population("norm", width, NeuronModel::normalization);
  norm.bias.assign(width, 0);
  norm.shift.assign(width, 0);
  norm.multiplier.assign(width, 1);
  const Network network(1, {input(channels), residual, norm, lif(width, 0), readout(1)},
                        {dense(0, 1, std::size_t{channels} * width), one_to_one(1, 2),
                         one_to_one(2, 3), dense(3, 4, width)});
  Mapping mapping;
  mapping.slices = {{PopulationId{0}, 0, channels, host_core},
                    {PopulationId{1}, 0, width, CoreId{0}},
                    {PopulationId{2}, 0, width, CoreId{1}},
                    {PopulationId{3}, 0, width, CoreId{2}},
                    {PopulationId{4}, 0, 1, CoreId{3}}};
  return run(network, mapping, chip, 0);
}

}  // namespace synfire::test
