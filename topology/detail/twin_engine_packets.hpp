// SPDX-License-Identifier: Apache-2.0
#pragma once

// How vectors and credits travel and what they do: members of QueuedTwinEngine.

#include <algorithm>

#include "topology/detail/twin_engine.hpp"

namespace synfire {

/// Spike packets that would carry so many bits: what a hop is priced for.
template <typename Queue>
std::int64_t QueuedTwinEngine<Queue>::packets_worth(std::int64_t bits) const {
  const std::int64_t each = chip_.format.spike_packet_bits;
  return (bits + each - 1) / each;
}

/// Looks a packet up in the axon table, after those before it, and hands it to the network.
template <typename Queue>
void QueuedTwinEngine<Queue>::inject(std::uint32_t slice, Packet packet) {
  const std::uint32_t core = core_of_slice_[slice];
  const bool at_host = core == host_index();
  const Duration latency = at_host ? Duration{1} : chip_.neurocore.axon_out_latency;
  CoreState& state = cores_[core];
  state.port_free = std::max(kernel_.now(), state.port_free) + latency;
  totals_.core_use[core].output_busy += latency;
  const bool control = is_control(packet.kind);
  ActionCounts& counts = totals_.slices[slice];
  if (at_host) {
    counts[Action::host_bit] += plan_.bits[packet.size];
  } else {
    ++counts[control ? Action::control_axon : Action::axon_out];
  }
  ++(control ? totals_.control_packets : totals_.packets_injected);
  if (!control) totals_.deliveries_due += plan_.traffic.nodes[packet.node].leaves;
  network_on_chip_.inject(core, packet, packet.node, state.port_free);
}

template <typename Queue>
void QueuedTwinEngine<Queue>::crossed(const Packet& packet, LinkId link) {
  Crossings crossings{.control_packets = 1};
  if (!is_control(packet.kind)) {
    const std::int64_t bits = plan_.bits[packet.size];
    crossings = {packets_worth(bits), bits, 0};
    packets_worth_[index(link)] += crossings.data_packets;
  }
  charges_[index(link)].add(crossings, totals_.slices[packet.source]);
}

/// A packet reaches its neurocore, takes no less than on an idle network (I3), and queues until
/// those before it are read.
template <typename Queue>
void QueuedTwinEngine<Queue>::deliver(const Packet& packet, TimePoint at) {
  const bool control = is_control(packet.kind);
  const Duration zero_load = control ? plan_.traffic.nodes[packet.node].zero_load[packet.size]
                                     : plan_.zero_load[packet.node];
  const Duration waiting = at - packet.injected - zero_load;
  totals_.least_waiting = std::min(totals_.least_waiting, waiting);
  InputWork work;
  if (!control) {
    ++totals_.arrivals;
    totals_.waiting += waiting;
    const TwinReceipt& receipt = plan_.receipts[plan_.receipt_of[packet.node]];
    work = receipt.work;
    for (const TwinShare& share : receipt.shares) {
      TimePoint& begun = states_[share.slice].begun[packet.step % buffers_];
      begun = std::min(begun, at);
    }
  }
  const std::uint32_t core = core_of(packet);
  const auto times = cores_[core].input.read(at, work);
  network_on_chip_.return_credit(packet.node, times.taken);
  auto& reading = cores_[core].reading;
  reading.push({times.done, packet});
  if (reading.size() == 1) kernel_.schedule(times.done, Phase::process, core, read, core);
}

/// A neurocore reads packets in order, so the event of the first stands for all of them.
template <typename Queue>
void QueuedTwinEngine<Queue>::on_read(std::uint32_t core) {
  auto& reading = cores_[core].reading;
  const Packet packet = reading.front().packet;
  reading.pop();
  if (!reading.empty()) {
    kernel_.schedule(reading.front().done, Phase::process, core, read, core);
  }
  if (packet.kind == PacketKind::step_credit) {
    receive_credit(packet);
    return;
  }
  ++totals_.packets_delivered;
  if (core == host_index()) {
    receive_logits(packet);
  } else {
    receive_vector(packet);
  }
}

template <typename Queue>
void QueuedTwinEngine<Queue>::receive_vector(const Packet& packet) {
  const TwinReceipt& receipt = plan_.receipts[plan_.receipt_of[packet.node]];
  ++totals_.slices[receipt.shares.front().slice][Action::axon_in];
  for (const TwinShare& share : receipt.shares) {
    ActionCounts& counts = totals_.slices[share.slice];
    counts[Action::multiply_accumulate] += share.products;
    counts[Action::multiply_accumulate_bit] += share.product_bits;
    counts[Action::synapse_memory_word] += share.words;
    counts[Action::payload_accumulate] += share.additions;
    ++states_[share.slice].arrived[packet.step % buffers_];
    try_compute(share.slice);
  }
}

template <typename Queue>
void QueuedTwinEngine<Queue>::receive_credit(const Packet& packet) {
  const CreditDestination& destination = credit_of(packet);
  if (destination.core != host_index()) {
    ++totals_.slices[destination.slices.front()][Action::control_axon];
  }
  for (const std::uint32_t slice : destination.slices) {
    std::uint32_t& acks = states_[slice].acks[packet.step % buffers_];
    if (++acks < plan_.traffic.slices[slice].target_slices) continue;
    acks = 0;
    ++states_[slice].acked_tokens;
    try_compute(slice);
  }
}

/// A token is finished when the host has the logits of every readout slice.
template <typename Queue>
void QueuedTwinEngine<Queue>::receive_logits(const Packet& packet) {
  totals_.slices[packet.source][Action::host_bit] += plan_.bits[packet.size];
  TokenState& token = tokens_[packet.step];
  if (++token.ended_readouts < readout_slices_) return;
  kernel_.schedule(kernel_.now() + chip_.host.latency, Phase::step, host_index(), token_done,
                   packet.step);
}

template <typename Queue>
void QueuedTwinEngine<Queue>::on_token_done(std::uint32_t token) {
  tokens_[token].is_finished = true;
  probe_.on_token({token, tokens_[token].injected, kernel_.now(), {}});
}

}  // namespace synfire
