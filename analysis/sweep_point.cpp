// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_point.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "analysis/energy.hpp"
#include "analysis/latency.hpp"
#include "analysis/replay.hpp"
#include "analysis/sweep_metrics.hpp"
#include "sim/error.hpp"
#include "topology/fan_in.hpp"
#include "topology/placement.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

/// Hears of steps and tokens alone.
class LatencyProbe final : public Probe {
 public:
  LatencyProbe(const Network& network, const Mapping& mapping) : meter_(network, mapping) {}
  void on_spikes(std::span<const SpikeRecord> /*spikes*/) override {}
  void on_steps(std::span<const StepRecord> steps) override { meter_.on_steps(steps); }
  void on_potentials(const PotentialRecord& /*potentials*/) override {}
  void on_token(const TokenRecord& token) override { meter_.on_token(token); }
  LatencyReport report() const { return meter_.report(); }

 private:
  LatencyMeter meter_;
};

Mapping mapping_of(const Network& network, const ChipDescription& chip, std::uint32_t context,
                   const std::string& placement) {
  Mapping linear = map_network(network, chip, context);
  const PlacementStrategy strategy = placement_from_string(placement);
  if (strategy == PlacementStrategy::linear) return linear;
  return place_slices(network, chip, context, linear, assumed_traffic(network),
                      {.strategy = strategy});
}

std::vector<double> measure_at(const SweepDefinition& definition, const ChipDescription& chip,
                               const SweepWork& work) {
  const std::uint32_t context = work.model.context();
  const Network network = split_fan_in(work.model.network, chip);
  const Mapping mapping = mapping_of(network, chip, context, definition.placement);
  LatencyProbe probe(network, mapping);
  const SimulationTotals totals =
      replay(work.script, network, chip, mapping, probe, {.context = context});
  const EnergyReport energy = price(totals, network, mapping, chip);
  const RouterGraph graph = build_graph(chip);
  const LatencyReport latency = probe.report();
  return measure({.chip = chip,
                  .graph = graph,
                  .totals = totals,
                  .energy = energy,
                  .latency = latency,
                  .neurocores = used_neurocores(mapping.slices)});
}

}  // namespace

SweepChip::SweepChip(ChipDescription chip)
    : description(std::move(chip)), yaml(to_yaml(description)) {}

ChipDescription SweepChip::at(const SweepDefinition& definition, const SweepPoint& point) const {
  std::vector<std::string> overrides;
  for (std::size_t i = 0; i < point.size(); ++i) {
    const ParameterInfo& parameter = *definition.axes[i].parameter;
    overrides.push_back(parameter.key_path + "=" + format_value(*parameter.quantity, point[i]));
  }
  return parse_chip(yaml, definition.chip, overrides,
                    {.folder = {}, .graphml = description.grid.graphml});
}

CostPrediction foresee_point(const SweepDefinition& definition, const SweepChip& chip,
                             const Model& model, const SweepPoint& point) {
  const ChipDescription there = chip.at(definition, point);
  const Network network = split_fan_in(model.network, there);
  CostPrediction cost = predict_cost(
      network, there, mapping_of(network, there, model.context(), definition.placement),
      assumed_traffic(network, cost_rate_permille), model.context());
  cost.seconds = replay_seconds(cost);
  return cost;
}

SweepRow evaluate(const SweepDefinition& definition, const SweepChip& chip, const SweepWork& work,
                  SweepRow row) {
  try {
    row.metrics = measure_at(definition, chip.at(definition, row.values), work);
  } catch (const WriteError&) {
    throw;
  } catch (const std::exception& error) {
    row.error = error.what();
    std::ranges::replace(row.error, '\n', ' ');
    row.metrics.assign(sweep_metrics().size(), std::numeric_limits<double>::quiet_NaN());
  }
  return row;
}

}  // namespace synfire
