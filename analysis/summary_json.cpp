// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "analysis/summary.hpp"

namespace synfire {
namespace {

double per(double value, double count) {
  return count == 0 ? 0 : value / count;
}

JsonObject energy_json(const RunSummary& summary) {
  const EnergyReport& energy = summary.energy;
  JsonObject actions;
  JsonObject components;
  JsonObject layers;
  JsonObject populations;
  for (std::size_t i = 0; i < action_kinds; ++i) {
    actions.add(to_string(static_cast<Action>(i)), energy.by_action[i].in_joules());
  }
  for (std::size_t i = 0; i < component_kinds; ++i) {
    components.add(to_string(static_cast<ComponentKind>(i)), energy.by_component[i].in_joules());
  }
  for (const NamedEnergy& part : energy.by_layer) layers.add(part.name, part.energy.in_joules());
  for (const NamedEnergy& part : energy.by_population) {
    populations.add(part.name, part.energy.in_joules());
  }
  JsonObject object;
  object.add("total", energy.total().in_joules())
      .add("dynamic", energy.dynamic.in_joules())
      .add("static", energy.leakage.in_joules())
      .add("by_component", components)
      .add("by_action", actions)
      .add("by_layer", layers)
      .add("by_population", populations);
  if (summary.arithmetic) {
    JsonObject arithmetic;
    arithmetic.add("spiking", summary.arithmetic->spiking)
        .add("artificial_as_published", summary.arithmetic->artificial_as_published)
        .add("artificial_corrected", summary.arithmetic->artificial_corrected);
    object.add("arithmetic", arithmetic);
  }
  return object;
}

JsonObject rates_json(const std::vector<PopulationSparsity>& populations,
                      double (*value)(const PopulationSparsity&)) {
  JsonObject object;
  for (const PopulationSparsity& entry : populations) object.add(entry.population, value(entry));
  return object;
}

void add_latency(JsonObject& object, const LatencyReport& latency) {
  JsonObject layers;
  for (const LayerLatency& layer : latency.layers) layers.add(layer.layer, seconds(layer.mean));
  object.add("simulated_s", seconds(latency.span))
      .add("latency_s_per_token", seconds(latency.per_token()))
      .add("latency_s_mean", seconds(latency.mean))
      .add("latency_s_longest", seconds(latency.longest))
      .add("latency_s_by_layer", layers);
}

}  // namespace

JsonObject to_json(const RunSummary& summary) {
  const SimulationTotals& totals = summary.totals;
  JsonObject object;
  object.add("text", summary.text)
      .add("complete", summary.is_complete)
      .add("model", summary.model)
      .add("chip", summary.chip)
      .add("prompt_tokens", summary.prompt_tokens)
      .add("generated_tokens", summary.generated_tokens)
      .add("reingested_tokens", summary.reingested_tokens)
      .add("neurocores", summary.neurocores)
      .add("spikes", totals.spikes)
      .add("packets", totals.packets_injected)
      .add("control_packets", totals.control_packets)
      .add("hops", totals.hops)
      .add("synaptic_operations", total_count(totals, Action::synaptic_operation))
      .add("events", totals.events)
      .add("max_queue_depth", totals.max_queue_depth);
  add_latency(object, summary.latency);
  object.add("energy_j", energy_json(summary))
      .add("energy_j_per_token",
           per(summary.energy.total().in_joules(), std::max(summary.latency.tokens, 1U)))
      .add("wall_s", summary.wall_seconds)
      .add("events_per_wall_s", per(static_cast<double>(totals.events), summary.wall_seconds))
      .add("peak_rss_bytes", summary.peak_memory_bytes)
      .add("rate", rates_json(summary.sparsity, [](const auto& entry) { return entry.rate; }))
      .add("sparsity",
           rates_json(summary.sparsity, [](const auto& entry) { return entry.sparsity(); }))
      .add("silent_fraction",
           rates_json(summary.sparsity, [](const auto& entry) { return entry.silent_fraction; }))
      .add("assumed", std::span<const std::string>(summary.assumed));
  return object;
}

}  // namespace synfire
