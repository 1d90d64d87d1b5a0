// SPDX-License-Identifier: Apache-2.0
#pragma once

// What packets do when they have been read: members of QueuedChipEngine.

#include <algorithm>

#include "topology/detail/chip_engine_queued.hpp"

namespace synfire {

template <typename Queue>
void QueuedChipEngine<Queue>::receive_data(const Packet& packet, const Reception& reception) {
  if (reception.has_one_connection) {
    const Connection& connection = reception.connection;
    units_[connection.target].receive(packet.step + connection.delay, connection.input, packet);
    return;
  }
  if (reception.core == host_index()) {
    receive_logit(packet);
    return;
  }
  const Destination& destination = *reception.destination;
  ++totals_.slices[destination.targets.front().slice][Action::axon_in];
  for (const Connection& connection : destination.connections) {
    if (!connection.has(packet.neuron)) continue;
    units_[connection.target].receive(packet.step + connection.delay, connection.input, packet);
    count_operations(connection, 1, totals_.slices[connection.target]);
  }
}

/// Of the packets that a slice waits for, the last to come is the last to be read.
template <typename Queue>
void QueuedChipEngine<Queue>::deliver_control(const Packet& packet, Reception& reception,
                                              TimePoint at) {
  NeurocoreState& core = cores_[reception.core];
  const auto [taken, done] = core.input.read(at, {});
  network_on_chip_.return_credit(packet.node, taken);
  last_read_ = std::max(last_read_, done);
  ++reception.control_packets;
  for (std::uint32_t i = 0; i < core.alike; ++i) {
    receive_control(packet, receptions_.at_node(packet.node + i), done);
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::receive_control(const Packet& packet, const Reception& reception,
                                              TimePoint done) {
  if (packet.kind == PacketKind::step_credit) {
    for (const std::uint32_t slice : reception.slices) receive_credit(slice, packet.step, done);
  } else if (reception.has_one_connection) {
    const Connection& connection = reception.connection;
    receive_end_of_step(connection.target, packet.step + connection.delay, done);
  } else if (reception.core == host_index()) {
    receive_end_at_host(packet, done);
  } else {
    for (const auto& [target, delay] : reception.destination->targets) {
      receive_end_of_step(target, packet.step + delay, done);
    }
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::receive_end_of_step(std::uint32_t slice, std::uint32_t step,
                                                  TimePoint done) {
  std::uint32_t& missing = ends_missing_[slice * buffers_ + step % buffers_];
  if (--missing != 0) return;
  missing = plan_.slices[slice].ends_due_at(step + buffers_);
  kernel_.schedule(done, Phase::process, core_of_slice_[slice], input_whole, slice);
}

template <typename Queue>
void QueuedChipEngine<Queue>::receive_credit(std::uint32_t slice, std::uint32_t step,
                                             TimePoint done) {
  std::uint32_t& missing = acks_missing_[slice * buffers_ + step % buffers_];
  if (--missing != 0) return;
  missing = plan_.slices[slice].target_slices;
  kernel_.schedule(done, Phase::process, core_of_slice_[slice], step_acked, slice);
}

/// A logit that a fault took is 0.
template <typename Queue>
void QueuedChipEngine<Queue>::receive_logit(const Packet& packet) {
  totals_.slices[packet.source][Action::host_bit] += bits_of(packet.kind);
  token_state(token_of(packet.step)).logits[packet.neuron] = packet.payload;
}

/// A token is finished when every readout slice has ended it.
template <typename Queue>
void QueuedChipEngine<Queue>::receive_end_at_host(const Packet& packet, TimePoint done) {
  const std::uint32_t token = token_of(packet.step);
  TokenProgress& state = token_state(token).progress;
  totals_.slices[packet.source][Action::host_bit] += bits_of(packet.kind);
  if (++state.ended_readouts < readout_slices_) return;
  const TimePoint when = done + chip_.host.latency;
  due_tokens_.push(when);
  kernel_.schedule(when, Phase::step, host_index(), token_done, token);
}

template <typename Queue>
void QueuedChipEngine<Queue>::on_token_done(std::uint32_t token) {
  TokenState& state = token_state(token);
  state.progress.is_finished = true;
  has_finished_token_ = true;
  if (!due_tokens_.empty()) due_tokens_.pop();
  flush_records();
  // Delays may let logits leave before the token's first spike.
  const TimePoint injected = std::min(state.progress.injected, kernel_.now());
  probe_.on_token({token, injected, kernel_.now(), state.logits});
}

}  // namespace synfire
