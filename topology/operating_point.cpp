// SPDX-License-Identifier: Apache-2.0
#include "topology/operating_point.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "topology/action.hpp"

namespace synfire {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::int64_t nominal = OperatingPoint::nominal;

Duration slowed(Duration latency, std::int64_t frequency) {
  return Duration{(latency.count() * nominal + frequency - 1) / frequency};
}

std::int64_t sped_up(std::int64_t megabits_per_second, std::int64_t frequency) {
  if (megabits_per_second == 0) return 0;
  return std::max<std::int64_t>(1, megabits_per_second * frequency / nominal);
}

/// value * numerator / denominator to the nearest integer, halves up.
std::int64_t scaled(std::int64_t value, std::int64_t numerator, std::int64_t denominator) {
  const Wide product = static_cast<Wide>(value) * static_cast<Wide>(numerator);
  const auto divisor = static_cast<Wide>(denominator);
  return static_cast<std::int64_t>((product + divisor / 2) / divisor);
}

void scale(LinkDescription& link, std::int64_t frequency) {
  link.latency = slowed(link.latency, frequency);
  link.megabits_per_second = sped_up(link.megabits_per_second, frequency);
}

void scale_neurocore_latencies(ChipDescription& chip, std::int64_t frequency) {
  NeurocoreDescription& core = chip.neurocore;
  for (Duration* latency :
       {&core.axon_in_latency, &core.synapse_fetch_latency, &core.accumulate_latency,
        &core.update_latency, &core.spike_out_latency, &core.axon_out_latency,
        &chip.attention.operation_latency, &chip.dense.mac_latency, &chip.dense.function_latency}) {
    *latency = slowed(*latency, frequency);
  }
}

void scale_network_latencies(ChipDescription& chip, std::int64_t frequency) {
  for (LinkDescription* link : {&chip.horizontal, &chip.vertical, &chip.local, &chip.board_link}) {
    scale(*link, frequency);
  }
  for (Duration* latency :
       {&chip.flow_control.credit_latency, &chip.synchronisation.barrier_latency}) {
    *latency = slowed(*latency, frequency);
  }
}

std::int64_t voltage_of(const OperatingPoint& point, ComponentKind component) {
  switch (component) {
    case ComponentKind::neurocore:
    case ComponentKind::attention_unit:
      return point.neurocore_voltage;
    case ComponentKind::network:
      return point.network_voltage;
    case ComponentKind::host:
      break;
  }
  return nominal;
}

}  // namespace

ChipDescription at_operating_point(const ChipDescription& chip) {
  ChipDescription scaled_chip = chip;
  const OperatingPoint point = std::exchange(scaled_chip.operating_point, {});
  scale_neurocore_latencies(scaled_chip, point.neurocore_frequency);
  scale_network_latencies(scaled_chip, point.network_frequency);
  for (std::size_t i = 0; i < action_kinds; ++i) {
    const std::int64_t voltage = voltage_of(point, component_of(static_cast<Action>(i)));
    scaled_chip.energy[i] = Energy::attojoules(
        scaled(chip.energy[i].in_attojoules(), voltage * voltage, nominal * nominal));
  }
  StaticPowerDescription& power = scaled_chip.static_power;
  power.router_nanowatts = scaled(power.router_nanowatts, point.network_voltage, nominal);
  power.neurocore_nanowatts = scaled(power.neurocore_nanowatts, point.neurocore_voltage, nominal);
  return scaled_chip;
}

RouterGraph at_operating_point(const RouterGraph& graph, const OperatingPoint& point) {
  const auto routers = graph.routers();
  const auto links = graph.router_links();
  std::vector<Link> scaled_links(links.begin(), links.end());
  for (Link& link : scaled_links) {
    if (link.latency) link.latency = slowed(*link.latency, point.network_frequency);
    if (link.megabits_per_second) {
      link.megabits_per_second = sped_up(*link.megabits_per_second, point.network_frequency);
    }
  }
  return RouterGraph({routers.begin(), routers.end()}, std::move(scaled_links));
}

}  // namespace synfire
