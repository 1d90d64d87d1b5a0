// SPDX-License-Identifier: Apache-2.0
#pragma once

// How packets leave a neurocore and reach another: members of QueuedChipEngine.

#include <algorithm>

#include "topology/detail/chip_engine_queued.hpp"

namespace synfire {

/// Looks the packets up in the axon table, one after another, and hands them to the network.
template <typename Queue>
void QueuedChipEngine<Queue>::inject(std::uint32_t slice, Packet packet, const TreeRoots& roots) {
  packet.source = slice;
  packet.size = static_cast<std::uint16_t>(size_class(packet.kind));
  const bool control = is_control(packet.kind);
  const std::uint32_t core = core_of_slice_[slice];
  NeurocoreState& state = cores_[core];
  const bool at_host = core == host_index();
  const Duration latency = at_host ? Duration{1} : chip_.neurocore.axon_out_latency;
  const auto count = static_cast<std::int64_t>(roots.size());
  totals_.core_use[core].output_busy += count * latency;
  ActionCounts& counts = totals_.slices[slice];
  if (at_host) {
    counts[Action::host_bit] += count * bits_of(packet.kind);
  } else {
    counts[control ? Action::control_axon : Action::axon_out] += count;
  }
  (control ? totals_.control_packets : totals_.packets_injected) += count;
  state.port_free = std::max(kernel_.now(), state.port_free);
  for (const std::uint32_t root : roots) {
    state.port_free += latency;
    network_on_chip_.inject(core, packet, root, state.port_free);
  }
}

/// Charges a link crossing to the slice that sent the packet. The links' own share is counted by
/// the network (LinkUse) and must be the same number (I2).
template <typename Queue>
void QueuedChipEngine<Queue>::crossed(const Packet& packet, LinkId link) {
  crossings_.add(packet.source, link, packet.size);
}

template <typename Queue>
void QueuedChipEngine<Queue>::lost(const Packet&, std::uint32_t node, TimePoint) {
  totals_.lost.dead_link += plan_.nodes[node].leaves;
}

/// A packet reaches its neurocore at `at` and queues until those before it are read. Control
/// packets take effect then, data packets at once.
template <typename Queue>
void QueuedChipEngine<Queue>::deliver(const Packet& packet, TimePoint at) {
  const std::uint32_t core = core_of(packet);
  check_zero_load(packet, at);
  if (faults_ && takes_by_fault(packet, core)) {
    network_on_chip_.return_credit(packet.node, at);
    return;
  }
  const auto times = cores_[core].input.read(at, work_of(packet, core));
  network_on_chip_.return_credit(packet.node, times.taken);
  if (is_control(packet.kind)) {
    read_later(packet, core, times.done);
    return;
  }
  ++totals_.packets_delivered;
  if (core == host_index()) {
    receive_logit(packet);
  } else {
    receive_data(packet, destination_of(packet));
  }
}

/// A neurocore reads packets in order, so the event of the first stands for all of them.
template <typename Queue>
void QueuedChipEngine<Queue>::read_later(const Packet& packet, std::uint32_t core, TimePoint when) {
  auto& controls = cores_[core].controls;
  controls.push({when, packet});
  if (controls.size() == 1) kernel_.schedule(when, Phase::process, core, process, core);
}

/// True, and counted, if a data packet is dropped here or the neurocore is dead.
template <typename Queue>
bool QueuedChipEngine<Queue>::takes_by_fault(const Packet& packet, std::uint32_t core) {
  if (is_control(packet.kind)) return false;
  if (cores_[core].is_dead) {
    ++totals_.lost.dead_core;
    return true;
  }
  const CoreId destination = core == host_index() ? host_core : CoreId{core};
  if (!faults_->drops(token_of(packet.step), step_in_token(packet.step),
                      mapping_.slices[packet.source].population, packet.neuron, destination)) {
    return false;
  }
  ++totals_.lost.dropped;
  return true;
}

/// How much longer than on an idle network the packet took (I3: never less than zero). Before a
/// fault takes it: faults at neurocores change nothing of what the network does.
template <typename Queue>
void QueuedChipEngine<Queue>::check_zero_load(const Packet& packet, TimePoint at) {
  const Duration zero_load = plan_.nodes[packet.node].zero_load[size_class(packet.kind)];
  const Duration waiting = at - packet.injected - zero_load;
  if (!is_control(packet.kind)) {
    ++totals_.arrivals;
    totals_.waiting += waiting;
  }
  totals_.least_waiting = std::min(totals_.least_waiting, waiting);
}

template <typename Queue>
InputWork QueuedChipEngine<Queue>::work_of(const Packet& packet, std::uint32_t core) const {
  InputWork work;
  if (is_control(packet.kind) || core == host_index()) return work;
  for (const Connection& connection : destination_of(packet).connections) {
    if (!connection.has(packet.neuron)) continue;
    work.words += connection.words;
    work.groups += connection.groups;
  }
  return work;
}

}  // namespace synfire
