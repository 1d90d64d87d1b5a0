// SPDX-License-Identifier: Apache-2.0
#include "topology/total_sum.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace synfire {
namespace {

template <typename Count>
void add(Count& sum, const Count& part) {
  sum += part;
}

void add(LinkUse& sum, const LinkUse& part) {
  const auto& [packets, control_packets, bits, busy, max_queue_depth, waiting] = part;
  sum.packets += packets;
  sum.control_packets += control_packets;
  sum.bits += bits;
  sum.busy += busy;
  sum.max_queue_depth = std::max(sum.max_queue_depth, max_queue_depth);
  sum.waiting += waiting;
}

void add(NeurocoreUse& sum, const NeurocoreUse& part) {
  const auto& [packets, max_queue_depth, waiting, slowest_stage, update_busy, output_busy,
               stalled] = part;
  static_cast<void>(slowest_stage);  // not always the same
  sum.packets += packets;
  sum.max_queue_depth = std::max(sum.max_queue_depth, max_queue_depth);
  sum.waiting += waiting;
  sum.update_busy += update_busy;
  sum.output_busy += output_busy;
  sum.stalled += stalled;
}

void add(LossCounts& sum, const LossCounts& part) {
  const auto& [dropped, dead_link, dead_core] = part;
  sum.dropped += dropped;
  sum.dead_link += dead_link;
  sum.dead_core += dead_core;
}

void add(InputStages& sum, const InputStages& part) {
  sum.decode += part.decode;
  sum.fetch += part.fetch;
  sum.accumulate += part.accumulate;
}

template <typename T>
void add(std::vector<T>& sum, const std::vector<T>& part) {
  sum.resize(std::max(sum.size(), part.size()));
  for (std::size_t i = 0; i < part.size(); ++i) add(sum[i], part[i]);
}

// Parts are taken apart by name, so that none can come without being added here.
void add(SimulationTotals& sum, const SimulationTotals& part) {
  const auto& [now, events, spikes, packets_injected, deliveries_due, packets_delivered,
               packets_in_flight, arrivals, lost, control_packets, hops, max_queue_depth, barriers,
               waiting, least_waiting, slices, links, link_use, core_use, spikes_per_population,
               neuron_steps_per_population, spikes_per_neuron] = part;
  sum.now += now.time_since_epoch();
  sum.events += events;
  sum.spikes += spikes;
  sum.packets_injected += packets_injected;
  sum.deliveries_due += deliveries_due;
  sum.packets_delivered += packets_delivered;
  sum.packets_in_flight += packets_in_flight;
  sum.arrivals += arrivals;
  add(sum.lost, lost);
  sum.control_packets += control_packets;
  sum.hops += hops;
  sum.max_queue_depth = std::max(sum.max_queue_depth, max_queue_depth);
  sum.barriers += barriers;
  sum.waiting += waiting;
  sum.least_waiting = std::min(sum.least_waiting, least_waiting);
  add(sum.slices, slices);
  add(sum.links, links);
  add(sum.link_use, link_use);
  add(sum.core_use, core_use);
  add(sum.spikes_per_population, spikes_per_population);
  add(sum.neuron_steps_per_population, neuron_steps_per_population);
  add(sum.spikes_per_neuron, spikes_per_neuron);
}

}  // namespace

Tally tally_of(const ChipSimulation& simulation) {
  return {simulation.totals(), simulation.input_stages()};
}

void add(Tally& sum, const Tally& part) {
  add(sum.totals, part.totals);
  add(sum.stages, part.stages);
  for (std::size_t core = 0; core < sum.stages.size(); ++core) {
    sum.totals.core_use[core].input_busy = sum.stages[core].slowest();
  }
}

}  // namespace synfire
