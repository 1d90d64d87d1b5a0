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

/// A packet reaches its neurocore at `at` and queues until those before it are read. How much
/// longer than on an idle network it took (I3: never less than zero) is counted before a fault
/// takes it: faults at neurocores change nothing of what the network does. The same happens on the
/// links to the neurocores that are alike, which lead to the nodes behind this one, and there.
template <typename Queue>
void QueuedChipEngine<Queue>::deliver(const Packet& packet, TimePoint at) {
  Reception& reception = receptions_.at_node(packet.node);
  const Duration waiting = at - packet.injected - reception.zero_load[packet.size];
  totals_.least_waiting = std::min(totals_.least_waiting, waiting);
  NeurocoreState& core = cores_[reception.core];
  if (core.alike > 1) crossings_.add(packet.source, core.ejection, packet.size, core.alike - 1);
  if (is_control(packet.kind)) {
    deliver_control(packet, reception, at);
    return;
  }
  totals_.arrivals += core.alike;
  totals_.waiting += core.alike * waiting;
  if (faults_ && takes_by_fault(packet, reception.core)) {
    network_on_chip_.return_credit(packet.node, at);
    return;
  }
  const auto times = core.input.read(at, work_of(packet, reception));
  network_on_chip_.return_credit(packet.node, times.taken);
  totals_.packets_delivered += core.alike;
  if (options_.packets) record_packet(packet, reception.core, at);
  if (reception.has_one_connection) ++reception.data_packets;
  for (std::uint32_t node = packet.node; node < packet.node + core.alike; ++node) {
    const Inlet& inlet = receptions_.inlet(node);
    if (inlet.lists != nullptr) {
      inlet.lists[(packet.step + inlet.delay) % buffers_].push() = packet.neuron - inlet.first;
    } else {
      receive_data(packet, receptions_.at_node(node));
    }
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::record_packet(const Packet& packet, std::uint32_t core,
                                            TimePoint at) {
  packet_batch_.push_back({packet.injected, at, token_of(packet.step), packet.neuron,
                           SliceId{packet.source}, core == host_index() ? host_core : CoreId{core},
                           step_in_token(packet.step)});
  if (packet_batch_.size() == record_batch) flush_records();
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

template <typename Queue>
InputWork QueuedChipEngine<Queue>::work_of(const Packet& packet, const Reception& reception) const {
  if (reception.has_one_connection) {
    const Connection& only = reception.connection;
    return {only.words, only.groups, only.product_groups};
  }
  InputWork work;
  if (reception.core == host_index()) return work;
  for (const Connection& connection : reception.destination->connections) {
    if (!connection.has(packet.neuron)) continue;
    work.words += connection.words;
    work.groups += connection.groups;
    work.products += connection.product_groups;
  }
  return work;
}

}  // namespace synfire
