// SPDX-License-Identifier: Apache-2.0
#include "sim/app/mapping_report.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/params.hpp"
#include "topology/slice_needs.hpp"

namespace synfire::app {
namespace {

using Json = nlohmann::ordered_json;

struct UsedCore {
  CoreId core{};
  std::vector<PopulationSlice> slices;
};

/// Ascending by core; the host, if it holds anything, comes last.
std::vector<UsedCore> used_cores(const Mapping& mapping) {
  std::vector<PopulationSlice> slices = mapping.slices;
  std::ranges::stable_sort(slices, {}, &PopulationSlice::core);
  std::vector<UsedCore> used;
  for (const PopulationSlice& slice : slices) {
    if (used.empty() || used.back().core != slice.core) used.push_back({slice.core, {}});
    used.back().slices.push_back(slice);
  }
  return used;
}

/// Populations whose inputs are summed in parts, with the number of parts, in order of the network.
std::vector<std::pair<std::string, int>> split_populations(const Network& network) {
  std::vector<std::pair<std::string, int>> split;
  for (const Population& population : network.populations()) {
    const std::string whole(whole_of(population.name));
    if (whole == population.name) continue;
    if (split.empty() || split.back().first != whole) split.emplace_back(whole, 0);
    ++split.back().second;
  }
  return split;
}

double per_token(const MappingReport& report, std::int64_t hops) {
  return static_cast<double>(hops) / static_cast<double>(report.tokens);
}

std::string share(std::int64_t used, std::int64_t capacity) {
  constexpr double percent = 100;
  return fmt::format("{} ({:.0f} %)", used,
                     percent * static_cast<double>(used) / static_cast<double>(capacity));
}

/// Bytes, since bits are hard to read; whole ones or with a half.
std::string memory_share(std::int64_t bits, std::int64_t capacity) {
  constexpr double percent = 100;
  constexpr double bits_per_kibibyte = 8192;
  return fmt::format("{:.1f} KiB ({:.0f} %)", static_cast<double>(bits) / bits_per_kibibyte,
                     percent * static_cast<double>(bits) / static_cast<double>(capacity));
}

std::string slice_names(const Network& network, const std::vector<PopulationSlice>& slices) {
  std::string text;
  for (const PopulationSlice& slice : slices) {
    const Population& population = network.population(slice.population);
    text += (text.empty() ? "" : ", ") + population.name;
    if (slice.size() != population.size) text += fmt::format("[{}:{}]", slice.begin, slice.end);
  }
  return text;
}

Json slices_json(const Network& network, const std::vector<PopulationSlice>& slices) {
  Json list = Json::array();
  for (const PopulationSlice& slice : slices) {
    list.push_back({{"population", network.population(slice.population).name},
                    {"begin", slice.begin},
                    {"end", slice.end}});
  }
  return list;
}

Json use_json(const CoreUse& use) {
  return {{"neurons", use.neurons},
          {"axons_in", use.axons_in},
          {"synapse_memory_bits", use.synapse_memory_bits},
          {"attention_memory_bits", use.attention_memory_bits}};
}

}  // namespace

std::string mapping_table(const MappingReport& report) {
  const std::vector<UsedCore> used = used_cores(report.mapping);
  const auto neurocores =
      std::ranges::count_if(used, [](const UsedCore& core) { return core.core != host_core; });
  std::string text = fmt::format("{:<22}{}\n", "placement", report.origin);
  text += fmt::format("{:<22}{} of {}\n", "neurocores", neurocores, report.graph.core_count());
  text += fmt::format(
      "{:<22}{:.0f} packets x hops a token: {:.0f} spikes and payloads, {:.0f} "
      "control\n",
      "traffic", per_token(report, report.hops.total()), per_token(report, report.hops.data),
      per_token(report, report.hops.control));
  text += fmt::format("{:<22}{}; multicast not counted\n", "", report.traffic_source);
  std::string_view heading = "partial sums";
  for (const auto& [population, parts] : split_populations(report.network)) {
    text += fmt::format("{:<22}{}: its inputs do not fit one neurocore, in {} parts they do\n",
                        std::exchange(heading, ""), population, parts);
  }
  text += '\n';
  const CoreUse capacity = core_capacity(report.chip);
  text += fmt::format("{:>6}  {:<14}{:>16}{:>16}{:>19}{:>19}  {}\n", "core", "router", "neurons",
                      "axons in", "synapse memory", "attention memory", "slices");
  for (const UsedCore& core : used) {
    const std::string slices = slice_names(report.network, core.slices);
    if (core.core == host_core) {
      text += fmt::format("{:>6}  {:<84}  {}\n", "host", report.graph.label(host_router), slices);
      continue;
    }
    const CoreUse& use = report.mapping.cores[index(core.core)];
    text += fmt::format(
        "{:>6}  {:<14}{:>16}{:>16}{:>19}{:>19}  {}\n", index(core.core),
        report.graph.label(report.graph.router_of(core.core)), share(use.neurons, capacity.neurons),
        share(use.axons_in, capacity.axons_in),
        memory_share(use.synapse_memory_bits, capacity.synapse_memory_bits),
        memory_share(use.attention_memory_bits, capacity.attention_memory_bits), slices);
  }
  text.pop_back();
  return text;
}

std::string mapping_json(const MappingReport& report) {
  Json cores = Json::array();
  Json on_host = Json::array();
  for (const UsedCore& core : used_cores(report.mapping)) {
    const Json slices = slices_json(report.network, core.slices);
    if (core.core == host_core) {
      on_host = slices;
      continue;
    }
    Json entry = {{"neurocore", index(core.core)},
                  {"router", index(report.graph.router_of(core.core))}};
    entry.update(use_json(report.mapping.cores[index(core.core)]));
    entry["slices"] = slices;
    cores.push_back(entry);
  }
  Json partial_sums = Json::object();
  for (const auto& [population, parts] : split_populations(report.network)) {
    partial_sums[population] = parts;
  }
  const Json json = {{"model", report.model.identity},
                     {"chip", report.chip.name},
                     {"placement", report.origin},
                     {"traffic_source", report.traffic_source},
                     {"traffic_hops", per_token(report, report.hops.total())},
                     {"traffic_hops_data", per_token(report, report.hops.data)},
                     {"traffic_hops_control", per_token(report, report.hops.control)},
                     {"neurocores", cores.size()},
                     {"partial_sums", partial_sums},
                     {"capacity", use_json(core_capacity(report.chip))},
                     {"cores", cores},
                     {"host", on_host}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace synfire::app
