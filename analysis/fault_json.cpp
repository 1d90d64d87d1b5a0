// SPDX-License-Identifier: Apache-2.0
#include "analysis/fault_json.hpp"

namespace synfire {
namespace {

using Json = nlohmann::ordered_json;

double in_parts(std::int64_t parts_per_billion) {
  return static_cast<double>(parts_per_billion) / static_cast<double>(FaultDescription::certain);
}

}  // namespace

Json lost_json(const LossCounts& lost) {
  return {{"total", lost.total()},
          {"dropped", lost.dropped},
          {"dead_link", lost.dead_link},
          {"dead_core", lost.dead_core}};
}

Json faults_json(const FaultSummary& faults) {
  const FaultDescription& description = faults.description;
  const InjectedFaults& injected = faults.injected;
  Json links = Json::array();
  for (const InjectedFaults::DeadLink& link : injected.dead_links) {
    links.push_back({index(link.from), index(link.to)});
  }
  Json cores = Json::array();
  for (const CoreId core : injected.dead_cores) cores.push_back(index(core));
  return {{"seed", description.seed},
          {"drop_rate", in_parts(description.drop_rate)},
          {"dead_links", links},
          {"dead_cores", cores},
          {"stuck_silent_rate", in_parts(description.stuck_silent_rate)},
          {"stuck_silent_neurons", injected.stuck_neurons(false)},
          {"stuck_firing_rate", in_parts(description.stuck_firing_rate)},
          {"stuck_firing_neurons", injected.stuck_neurons(true)},
          {"bit_flip_rate", in_parts(description.bit_flip_rate)},
          {"flipped_bits", injected.total_flipped_bits()}};
}

}  // namespace synfire
