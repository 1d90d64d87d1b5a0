// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "analysis/comparison.hpp"
#include "analysis/energy_json.hpp"
#include "analysis/fault_json.hpp"
#include "analysis/rank_model.hpp"
#include "analysis/summary.hpp"
#include "topology/rank_share.hpp"

namespace synfire {
namespace {

using Json = nlohmann::ordered_json;

double per(double value, double count) {
  return count == 0 ? 0 : value / count;
}

Json energy_accounts(const RunSummary& summary) {
  Json object = energy_json(summary.energy);
  if (summary.arithmetic) {
    object["arithmetic"] = {
        {"spiking", summary.arithmetic->spiking},
        {"artificial_as_published", summary.arithmetic->artificial_as_published},
        {"artificial_corrected", summary.arithmetic->artificial_corrected}};
  }
  return object;
}

Json rates_json(const std::vector<PopulationSparsity>& populations,
                double (*value)(const PopulationSparsity&)) {
  Json object = Json::object();
  for (const PopulationSparsity& entry : populations) object[entry.population] = value(entry);
  return object;
}

void add_counts(Json& object, const SimulationTotals& totals) {
  object["spikes"] = totals.spikes;
  object["packets"] = totals.packets_injected;
  object["deliveries"] = totals.packets_delivered;
  object["control_packets"] = totals.control_packets;
  object["hops"] = totals.hops;
  object["synaptic_operations"] = total_count(totals, Action::synaptic_operation);
  object["multiply_accumulates"] = total_count(totals, Action::multiply_accumulate);
  object["events"] = totals.events;
  object["max_queue_depth"] = totals.max_queue_depth;
}

Json operating_point_json(const OperatingPoint& point) {
  const auto ratio = [](std::int64_t value) {
    return static_cast<double>(value) / OperatingPoint::nominal;
  };
  return {{"neurocore_frequency", ratio(point.neurocore_frequency)},
          {"neurocore_voltage", ratio(point.neurocore_voltage)},
          {"network_frequency", ratio(point.network_frequency)},
          {"network_voltage", ratio(point.network_voltage)}};
}

Json network_json(const TrafficReport& traffic) {
  Json object{
      {"description", traffic.network},       {"chips", traffic.chips},
      {"routers", traffic.routers},           {"neurocores", traffic.neurocores},
      {"router_links", traffic.router_links}, {"waiting_s_mean", seconds(traffic.mean_waiting)},
      {"stalled_s", seconds(traffic.stalled)}};
  if (const auto& link = traffic.slowest_link) {
    object["slowest_link"] = {{"place", link->place}, {"waiting_s_mean", seconds(link->time)}};
  }
  if (const auto& link = traffic.busiest_link) {
    object["busiest_link"] = {{"place", link->place}, {"utilisation", link->share}};
  }
  if (const auto& queue = traffic.deepest_queue) {
    object["deepest_queue"] = {{"place", queue->place}, {"packets", queue->packets}};
  }
  if (const auto& core = traffic.most_stalled) {
    object["most_stalled"] = {{"place", core->place}, {"stalled_s", seconds(core->time)}};
  }
  return object;
}

void add_latency(Json& object, const LatencyReport& latency) {
  Json layers = Json::object();
  for (const LayerLatency& layer : latency.layers) layers[layer.layer] = seconds(layer.mean);
  object["simulated_s"] = seconds(latency.span);
  object["latency_s_per_token"] = seconds(latency.per_token());
  object["latency_s_mean"] = seconds(latency.mean);
  object["latency_s_longest"] = seconds(latency.longest);
  object["latency_s_by_layer"] = layers;
}

void add_activity(Json& object, const std::vector<PopulationSparsity>& sparsity) {
  object["rate"] = rates_json(sparsity, [](const auto& entry) { return entry.rate; });
  object["sparsity"] = rates_json(sparsity, [](const auto& entry) { return entry.sparsity(); });
  object["silent_fraction"] =
      rates_json(sparsity, [](const auto& entry) { return entry.silent_fraction; });
}

/// Per window: over all ranks together.
Json ranks_json(const RankSummary& ranks) {
  constexpr double nanosecond = 1e-9;
  double compute_s = 0;
  Json list = Json::array();
  for (std::size_t i = 0; i < ranks.profiles.size(); ++i) {
    const RankProfile& profile = ranks.profiles[i];
    compute_s += static_cast<double>(profile.compute_ns) * nanosecond;
    list.push_back({{"chips", ranks.chips[i]},
                    {"events", profile.events},
                    {"messages_sent", profile.messages_sent},
                    {"batches_sent", profile.batches_sent},
                    {"compute_s", static_cast<double>(profile.compute_ns) * nanosecond},
                    {"message_s", static_cast<double>(profile.message_ns) * nanosecond},
                    {"waiting_s", static_cast<double>(profile.waiting_ns) * nanosecond},
                    {"resident_bytes", profile.memory_bytes}});
  }
  const RankCounts counts = rank_counts(ranks.profiles);
  const auto windows = static_cast<double>(counts.windows);
  Json foreseen;
  for (const RankNetwork& network : rank_networks) {
    foreseen[network.name] = foresee_ranks(counts, compute_s, network).seconds();
  }
  return {{"lookahead_s", seconds(ranks.lookahead)},
          {"windows", counts.windows},
          {"message_windows", counts.message_windows},
          {"busiest_events", counts.busiest_events},
          {"events_per_window", per(static_cast<double>(counts.events), windows)},
          {"messages_per_window", per(static_cast<double>(counts.messages), windows)},
          {"message_bytes", sizeof(LinkMessage)},
          {"foreseen_wall_s", foreseen},
          {"rank", list}};
}

/// What was run: a text, or presentations of a stimulus.
Json head_json(const RunSummary& summary) {
  const bool is_text = summary.presentations == 0;
  Json object = Json::object();
  if (is_text) object["text"] = summary.text;
  object["complete"] = summary.is_complete;
  object["model"] = summary.model;
  object["chip"] = summary.chip;
  if (is_text) {
    object["prompt_tokens"] = summary.prompt_tokens;
    object["generated_tokens"] = summary.generated_tokens;
    object["reingested_tokens"] = summary.reingested_tokens;
  } else {
    object["presentations"] = summary.presentations;
    object["time_steps"] = summary.time_steps;
  }
  object["neurocores"] = summary.neurocores;
  return object;
}

}  // namespace

std::string to_json(const RunSummary& summary) {
  Json object = head_json(summary);
  object["operating_point"] = operating_point_json(summary.operating_point);
  add_counts(object, summary.totals);
  add_latency(object, summary.latency);
  object["network"] = network_json(summary.traffic);
  object["lost"] = lost_json(summary.totals.lost);
  if (summary.faults) object["faults"] = faults_json(*summary.faults);
  if (const auto& score = summary.prompt_score) {
    object["bits_per_" + std::string(to_string(score->level)) + "_of_prompt"] =
        score->bits_per_token;
  }
  object["energy_j"] = energy_accounts(summary);
  object["energy_j_per_token"] =
      per(summary.energy.total().in_joules(), std::max(summary.latency.tokens, 1U));
  if (!summary.twins.empty()) object["compare"] = comparison_json(summary);
  object["wall_s"] = summary.wall_seconds;
  object["events_per_wall_s"] =
      per(static_cast<double>(summary.totals.events), summary.wall_seconds);
  object["peak_rss_bytes"] = summary.peak_memory_bytes;
  if (summary.ranks) object["ranks"] = ranks_json(*summary.ranks);
  add_activity(object, summary.sparsity);
  object["assumed"] = summary.assumed;
  return object.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace synfire
