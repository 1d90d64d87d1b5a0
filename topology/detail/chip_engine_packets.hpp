// SPDX-License-Identifier: Apache-2.0
#pragma once

// How packets travel and are read: members of QueuedChipEngine.

#include <algorithm>

#include "topology/chip_engine.hpp"

namespace synfire {

template <typename Queue>
std::int64_t QueuedChipEngine<Queue>::packet_bits(PacketKind kind) const {
  if (is_control(kind)) return chip_.format.control_packet_bits;
  return kind == PacketKind::spike ? chip_.format.spike_packet_bits
                                   : chip_.format.graded_packet_bits;
}

/// One packet for each neurocore where the neuron drives something.
template <typename Queue>
void QueuedChipEngine<Queue>::send_spike(std::uint32_t slice, const PendingOutput& pending) {
  const auto& destinations = plan_.slices[slice].destinations;
  Packet packet;
  packet.neuron = pending.output.neurons[pending.position];
  packet.step = pending.output.step;
  packet.kind = PacketKind::spike;
  if (!pending.output.payloads.empty()) {
    packet.kind = PacketKind::graded;
    packet.payload = pending.output.payloads[pending.position];
  }
  for (std::uint32_t i = 0; i < destinations.size(); ++i) {
    if (!destinations[i].accepts(packet.neuron)) continue;
    packet.route = destinations[i].route;
    packet.destination = i;
    inject(slice, packet);
  }
}

/// Hands a packet to the port of the slice's neurocore, which sends one after another.
template <typename Queue>
void QueuedChipEngine<Queue>::inject(std::uint32_t slice, Packet packet) {
  packet.source = slice;
  const bool control = is_control(packet.kind);
  const std::uint32_t core = core_index(slice);
  NeurocoreState& state = cores_[core];
  const bool at_host = core == host_index();
  const Duration latency = at_host ? Duration{1} : chip_.neurocore.axon_out_latency;
  state.port_free = std::max(kernel_.now(), state.port_free) + latency;
  packet.injected = state.port_free;
  ActionCounts& counts = totals_.slices[slice];
  if (at_host) {
    counts[Action::host_bit] += packet_bits(packet.kind);
  } else {
    ++counts[control ? Action::control_axon : Action::axon_out];
  }
  ++(control ? totals_.control_packets : totals_.packets_injected);
  control_in_flight_ += control ? 1 : 0;
  kernel_.schedule(state.port_free, Phase::transfer, core, hop, packets_.add(packet));
}

template <typename Queue>
void QueuedChipEngine<Queue>::on_hop(std::uint32_t place) {
  Packet& packet = packets_[place];
  const auto& route = plan_.routes[packet.route];
  if (packet.position == route.size()) {
    deliver(place);
    return;
  }
  const LinkId link = route[packet.position++];
  const TimePoint arrival = links_[index(link)].send(kernel_.now(), packet_bits(packet.kind));
  count_hop(packet, link);
  kernel_.schedule(arrival, Phase::transfer, host_index() + 1 + index(link), hop, place);
}

/// Charges a link crossing to the slice that sent the packet and, as the same number, to the link.
template <typename Queue>
void QueuedChipEngine<Queue>::count_hop(const Packet& packet, LinkId link) {
  const LinkKind kind = graph_.links()[index(link)].kind;
  const bool control = is_control(packet.kind);
  LinkUse& use = totals_.link_use[index(link)];
  ++(control ? use.control_packets : use.packets);
  use.bits += packet_bits(packet.kind);
  if (kind == LinkKind::injection || kind == LinkKind::ejection) return;
  const Action crossing = control                        ? Action::control_hop
                          : kind == LinkKind::horizontal ? Action::hop_horizontal
                                                         : Action::hop_vertical;
  for (ActionCounts* counts : {&totals_.slices[packet.source], &totals_.links[index(link)]}) {
    ++(*counts)[crossing];
    if (!control) (*counts)[Action::link_bit] += packet_bits(packet.kind);
  }
  if (!control) ++totals_.hops;
}

template <typename Queue>
std::uint32_t QueuedChipEngine<Queue>::core_of(const Packet& packet) const {
  if (packet.kind == PacketKind::step_credit) return core_index(packet.destination);
  return plan_.slices[packet.source].destinations[packet.destination].core;
}

/// A packet reaches its neurocore and queues until those before it are read.
template <typename Queue>
void QueuedChipEngine<Queue>::deliver(std::uint32_t place) {
  const Packet& packet = packets_[place];
  check_zero_load(packet);
  const std::uint32_t core = core_of(packet);
  NeurocoreState& state = cores_[core];
  ++state.waiting;
  totals_.max_queue_depth = std::max(totals_.max_queue_depth, state.waiting);
  state.input_free = std::max(kernel_.now(), state.input_free) + read_latency(packet);
  kernel_.schedule(state.input_free, Phase::process, core, process, place);
}

/// How much longer than on an idle network the packet took (I3: never less than zero).
template <typename Queue>
void QueuedChipEngine<Queue>::check_zero_load(const Packet& packet) {
  Duration zero_load{};
  for (const LinkId link : plan_.routes[packet.route]) {
    zero_load += links_[index(link)].zero_load_latency(packet_bits(packet.kind));
  }
  const Duration waiting = kernel_.now() - packet.injected - zero_load;
  totals_.waiting += waiting;
  totals_.least_waiting = std::min(totals_.least_waiting, waiting);
}

template <typename Queue>
Duration QueuedChipEngine<Queue>::read_latency(const Packet& packet) const {
  const NeurocoreDescription& core = chip_.neurocore;
  if (core_of(packet) == host_index()) return Duration{0};  // the host's latency comes after
  if (is_control(packet.kind)) return core.axon_in_latency;
  std::int64_t groups = 0;
  const auto& destination = plan_.slices[packet.source].destinations[packet.destination];
  for (const Connection& connection : destination.connections) {
    if (packet.neuron < connection.begin || packet.neuron >= connection.end) continue;
    const std::int64_t synapses = units_[connection.target].synapses(connection);
    groups += synapses == 0 ? 1 : (synapses + core.synapse_lanes - 1) / core.synapse_lanes;
  }
  return core.axon_in_latency + groups * core.accumulate_latency;
}

template <typename Queue>
void QueuedChipEngine<Queue>::on_process(std::uint32_t place) {
  const Packet packet = packets_[place];
  packets_.remove(place);
  const std::uint32_t core = core_of(packet);
  --cores_[core].waiting;
  const bool control = is_control(packet.kind);
  control_in_flight_ -= control ? 1 : 0;
  totals_.packets_delivered += control ? 0 : 1;
  if (core == host_index() && packet.kind != PacketKind::step_credit) {
    receive_at_host(packet);
    return;
  }
  switch (packet.kind) {
    case PacketKind::spike:
    case PacketKind::graded:
      receive_data(packet);
      break;
    case PacketKind::end_of_step:
      receive_end_of_step(packet);
      break;
    case PacketKind::step_credit:
      receive_credit(packet);
      break;
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::receive_data(const Packet& packet) {
  const auto& destination = plan_.slices[packet.source].destinations[packet.destination];
  ++totals_.slices[destination.targets.front()][Action::axon_in];
  for (const Connection& connection : destination.connections) {
    if (packet.neuron < connection.begin || packet.neuron >= connection.end) continue;
    SliceUnit& unit = units_[connection.target];
    unit.receive(packet.step, connection, packet);
    ActionCounts& counts = totals_.slices[connection.target];
    const std::int64_t synapses = unit.synapses(connection);
    counts[Action::synaptic_operation] += synapses;
    counts[Action::synapse_memory_word] +=
        groups_of(synapses * chip_.format.weight_bits, chip_.neurocore.synapse_word_bits);
    counts[Action::payload_accumulate] += synapses == 0 ? 1 : 0;
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::receive_end_of_step(const Packet& packet) {
  const auto& destination = plan_.slices[packet.source].destinations[packet.destination];
  ++totals_.slices[destination.targets.front()][Action::control_axon];
  for (const std::uint32_t target : destination.targets) {
    ++states_[target].ends[packet.step % buffers_];
    try_step(target);
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::receive_credit(const Packet& packet) {
  const std::uint32_t slice = packet.destination;
  SliceState& state = states_[slice];
  if (slice != input_slice_) ++totals_.slices[slice][Action::control_axon];
  std::uint32_t& acks = state.acks[packet.step % buffers_];
  if (++acks < plan_.slices[slice].target_slices) return;
  acks = 0;
  ++state.acked_steps;
  try_step(slice);
}

/// Logits of a token; it is finished when every readout slice has ended it.
template <typename Queue>
void QueuedChipEngine<Queue>::receive_at_host(const Packet& packet) {
  const std::uint32_t token = token_of(packet.step);
  TokenState& state = token_state(token);
  totals_.slices[packet.source][Action::host_bit] += packet_bits(packet.kind);
  if (packet.kind == PacketKind::graded) {
    state.logits[packet.neuron] = packet.payload;
    return;
  }
  if (++state.ended_readouts < readout_slices_) return;
  kernel_.schedule(kernel_.now() + chip_.host.latency, Phase::step, host_index(), token_done,
                   token);
}

template <typename Queue>
void QueuedChipEngine<Queue>::on_token_done(std::uint32_t token) {
  TokenState& state = token_state(token);
  state.is_finished = true;
  flush_records();
  probe_.on_token({token, state.injected, kernel_.now(), state.logits});
}

}  // namespace synfire
