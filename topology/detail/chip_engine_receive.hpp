// SPDX-License-Identifier: Apache-2.0
#pragma once

// What packets do when they have been read: members of QueuedChipEngine.

#include <algorithm>

#include "topology/detail/chip_engine_queued.hpp"

namespace synfire {

template <typename Queue>
void QueuedChipEngine<Queue>::on_process(std::uint32_t core) {
  auto& controls = cores_[core].controls;
  const Packet packet = controls.front().packet;
  controls.pop();
  if (!controls.empty()) {
    kernel_.schedule(controls.front().done, Phase::process, core, process, core);
  }
  if (packet.kind == PacketKind::step_credit) {
    receive_credit(packet);
  } else if (core == host_index()) {
    receive_end_at_host(packet);
  } else {
    receive_end_of_step(packet);
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::receive_data(const Packet& packet, const Destination& destination) {
  ++totals_.slices[destination.targets.front().slice][Action::axon_in];
  for (const Connection& connection : destination.connections) {
    if (!connection.has(packet.neuron)) continue;
    units_[connection.target].receive(packet.step + connection.delay, connection, packet);
    ActionCounts& counts = totals_.slices[connection.target];
    counts[Action::synaptic_operation] += connection.synapses;
    counts[Action::synapse_memory_word] += connection.words;
    counts[Action::payload_accumulate] += connection.synapses == 0 ? 1 : 0;
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::receive_end_of_step(const Packet& packet) {
  const Destination& destination = destination_of(packet);
  ++totals_.slices[destination.targets.front().slice][Action::control_axon];
  for (const auto& [target, delay] : destination.targets) {
    ++states_[target].ends[(packet.step + delay) % buffers_];
    try_step(target);
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::receive_credit(const Packet& packet) {
  const std::uint32_t slice = plan_.nodes[packet.node].destination;
  SliceState& state = states_[slice];
  if (!is_input(slice)) ++totals_.slices[slice][Action::control_axon];
  std::uint32_t& acks = state.acks[packet.step % buffers_];
  if (++acks < plan_.slices[slice].target_slices) return;
  acks = 0;
  ++state.acked_steps;
  try_step(slice);
}

/// A logit that a fault took is 0.
template <typename Queue>
void QueuedChipEngine<Queue>::receive_logit(const Packet& packet) {
  totals_.slices[packet.source][Action::host_bit] += bits_of(packet.kind);
  token_state(token_of(packet.step)).logits[packet.neuron] = packet.payload;
}

/// A token is finished when every readout slice has ended it.
template <typename Queue>
void QueuedChipEngine<Queue>::receive_end_at_host(const Packet& packet) {
  const std::uint32_t token = token_of(packet.step);
  TokenProgress& state = token_state(token).progress;
  totals_.slices[packet.source][Action::host_bit] += bits_of(packet.kind);
  if (++state.ended_readouts < readout_slices_) return;
  kernel_.schedule(kernel_.now() + chip_.host.latency, Phase::step, host_index(), token_done,
                   token);
}

template <typename Queue>
void QueuedChipEngine<Queue>::on_token_done(std::uint32_t token) {
  TokenState& state = token_state(token);
  state.progress.is_finished = true;
  flush_records();
  // Delays may let logits leave before the token's first spike.
  const TimePoint injected = std::min(state.progress.injected, kernel_.now());
  probe_.on_token({token, injected, kernel_.now(), state.logits});
}

}  // namespace synfire
