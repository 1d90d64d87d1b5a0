// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "analysis/comparison.hpp"
#include "analysis/energy_json.hpp"

namespace synfire {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t bit_hops(const std::vector<LayerTraffic>& layers) {
  std::int64_t sum = 0;
  for (const LayerTraffic& layer : layers) sum += layer.bit_hops;
  return sum;
}

Json traffic_json(const std::vector<LayerTraffic>& layers) {
  Json object = Json::object();
  for (const LayerTraffic& layer : layers) object[layer.layer] = layer.bit_hops;
  return object;
}

Json twin_json(const RunSummary& summary, const TwinReport& twin) {
  const double tokens = std::max(twin.latency.tokens, 1U);
  Json latencies = Json::object();
  for (const LayerLatency& layer : twin.latency.layers)
    latencies[layer.layer] = seconds(layer.mean);
  const double total = twin.energy.total().in_joules();
  const double spiking = summary.energy.total().in_joules();
  return {{"title", title_of(twin.kind)},
          {"function_equal", false},
          {"account", "chip"},
          {"activation_bits", twin.activation_bits},
          {"packets", twin.totals.packets_injected},
          {"control_packets", twin.totals.control_packets},
          {"hops", twin.totals.hops},
          {"bit_hops", bit_hops(twin.traffic)},
          {"bit_hops_by_layer", traffic_json(twin.traffic)},
          {"multiply_accumulates", total_count(twin.totals, Action::multiply_accumulate)},
          {"events", twin.totals.events},
          {"simulated_s", seconds(twin.latency.span)},
          {"latency_s_per_token", seconds(twin.latency.per_token())},
          {"latency_s_mean", seconds(twin.latency.mean)},
          {"latency_s_longest", seconds(twin.latency.longest)},
          {"latency_s_by_layer", latencies},
          {"energy_j", energy_json(twin.energy)},
          {"energy_j_per_token", total / tokens},
          {"energy_spiking_over_twin", total == 0 ? 0 : spiking / total}};
}

}  // namespace

Json comparison_json(const RunSummary& summary) {
  Json object{{"spiking",
               {{"bit_hops", bit_hops(summary.layer_traffic)},
                {"bit_hops_by_layer", traffic_json(summary.layer_traffic)}}}};
  for (const TwinReport& twin : summary.twins) {
    object[std::string(to_string(twin.kind))] = twin_json(summary, twin);
  }
  return object;
}

}  // namespace synfire
