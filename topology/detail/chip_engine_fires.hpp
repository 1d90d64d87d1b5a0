// SPDX-License-Identifier: Apache-2.0
#pragma once

// When neurons fire and steps end: members of QueuedChipEngine.

#include <algorithm>

#include "topology/detail/chip_engine_queued.hpp"

namespace synfire {

/// Records wait in batches of this size before a probe sees them.
inline constexpr std::size_t record_batch = 65536;

/// The next neuron of the oldest unfinished step, or that step's end.
template <typename Queue>
void QueuedChipEngine<Queue>::schedule_next_fire(std::uint32_t slice) {
  const PendingOutput& pending = states_[slice].outputs.front();
  const std::uint32_t core = core_of_slice_[slice];
  const auto& neurons = pending.output.neurons;
  if (pending.position == neurons.size()) {
    kernel_.schedule(std::max(kernel_.now(), pending.end), Phase::fire, core, step_end, slice);
    return;
  }
  TimePoint time = pending.first_fire;
  if (!is_input(slice)) {
    const std::uint32_t i = neurons[pending.position] - mapping_.slices[slice].begin;
    time += std::int64_t{i / update_lanes_} * chip_.neurocore.update_latency;
  }
  kernel_.schedule(std::max(kernel_.now(), time), Phase::fire, core, fire, slice);
}

/// The network has not taken enough of what fired before (credit flow control only).
template <typename Queue>
bool QueuedChipEngine<Queue>::port_is_full(std::uint32_t core) const {
  return network_on_chip_.port_backlog(core) >= chip_.neurocore.output_queue;
}

template <typename Queue>
void QueuedChipEngine<Queue>::on_fire(std::uint32_t slice) {
  NeurocoreState& core = cores_[core_of_slice_[slice]];
  if (core.stalled.empty() && !port_is_full(core_of_slice_[slice])) {
    fire_now(slice);
    return;
  }
  if (core.stalled.empty()) core.stalled_since = kernel_.now();
  core.stalled.push(slice);
}

/// The network has taken a packet from the port.
template <typename Queue>
void QueuedChipEngine<Queue>::port_ready(std::uint32_t core) {
  NeurocoreState& state = cores_[core];
  if (state.stalled.empty() || state.is_resuming || port_is_full(core)) return;
  state.is_resuming = true;
  kernel_.schedule(kernel_.now(), Phase::fire, core, resume, core);
}

/// Counts the time for which neurons of the neurocore have waited for the port; several at once
/// count once.
template <typename Queue>
void QueuedChipEngine<Queue>::count_stall(std::uint32_t core) {
  NeurocoreState& state = cores_[core];
  if (state.stalled.empty()) return;
  totals_.core_use[core].stalled += kernel_.now() - state.stalled_since;
  state.stalled_since = kernel_.now();
}

/// Slices that wait for the port fire a neuron each, in the order in which they began to wait.
template <typename Queue>
void QueuedChipEngine<Queue>::on_resume(std::uint32_t core) {
  NeurocoreState& state = cores_[core];
  state.is_resuming = false;
  count_stall(core);
  while (!state.stalled.empty() && !port_is_full(core)) {
    const std::uint32_t slice = state.stalled.front();
    state.stalled.pop();
    fire_now(slice);
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::fire_now(std::uint32_t slice) {
  PendingOutput& pending = states_[slice].outputs.front();
  if (pending.output.payloads.empty()) record_spike(slice, pending);
  send_spike(slice, pending);
  ++pending.position;
  schedule_next_fire(slice);
}

template <typename Queue>
void QueuedChipEngine<Queue>::record_spike(std::uint32_t slice, const PendingOutput& pending) {
  const PopulationId population = mapping_.slices[slice].population;
  const std::uint32_t token = token_of(pending.output.step);
  const std::uint32_t neuron = pending.output.neurons[pending.position];
  const std::uint16_t step = step_in_token(pending.output.step);
  const bool from_input = is_input(slice);
  if (from_input && step == 0 && !token_state(token).progress.has_fired) {
    token_state(token).progress.injected = kernel_.now();
    token_state(token).progress.has_fired = true;
  }
  ++totals_.spikes;
  ++totals_.spikes_per_population[index(population)];
  ++totals_.spikes_per_neuron[index(population)][neuron];
  if (!from_input) ++totals_.slices[slice][Action::spike_out];
  spike_batch_.push_back({kernel_.now(), token, neuron, population, step});
  if (spike_batch_.size() == record_batch) flush_records();
}

template <typename Queue>
void QueuedChipEngine<Queue>::send_spike(std::uint32_t slice, const PendingOutput& pending) {
  const TrafficPlan::SliceTraffic& traffic = plan_.slices[slice];
  Packet packet;
  packet.neuron = pending.output.neurons[pending.position];
  packet.step = pending.output.step;
  packet.kind = PacketKind::spike;
  if (!pending.output.payloads.empty()) {
    packet.kind = PacketKind::graded;
    packet.payload = pending.output.payloads[pending.position];
  }
  const std::uint32_t pattern = traffic.pattern_of[packet.neuron - mapping_.slices[slice].begin];
  totals_.deliveries_due += traffic.deliveries[pattern];
  inject(slice, packet, traffic.patterns[pattern]);
}

/// End-of-step packets follow the spikes; credits go back to the sources. Then the next step's
/// output may leave. The host hears of the ends of tokens only.
template <typename Queue>
void QueuedChipEngine<Queue>::on_step_end(std::uint32_t slice) {
  SliceState& state = states_[slice];
  const PendingOutput& pending = state.outputs.front();
  const TrafficPlan::SliceTraffic& traffic = plan_.slices[slice];
  Packet packet;
  packet.step = pending.output.step;
  packet.kind = PacketKind::end_of_step;
  const bool ends_token = (packet.step + 1) % network_.time_steps() == 0;
  inject(slice, packet, ends_token ? traffic.end_of_token : traffic.end_of_step);
  packet.kind = PacketKind::step_credit;
  inject(slice, packet, traffic.credits);
  step_batch_.push_back({pending.started, kernel_.now(), token_of(packet.step),
                         step_in_token(packet.step), SliceId{slice}});
  if (step_batch_.size() == record_batch) flush_records();
  state.outputs.pop();
  if (!state.outputs.empty()) schedule_next_fire(slice);
  if (ends_token) end_token(token_of(packet.step));
}

/// A slice has ended its last step of a token. Where no logits go to the host, the last slice to do
/// so finishes the token.
template <typename Queue>
void QueuedChipEngine<Queue>::end_token(std::uint32_t token) {
  if (++token_state(token).progress.ended_slices < states_.size() || readout_slices_ > 0) return;
  kernel_.schedule(kernel_.now(), Phase::step, host_index(), token_done, token);
}

template <typename Queue>
void QueuedChipEngine<Queue>::flush_records() {
  if (!spike_batch_.empty()) probe_.on_spikes(spike_batch_);
  if (!step_batch_.empty()) probe_.on_steps(step_batch_);
  spike_batch_.clear();
  if (!packet_batch_.empty()) probe_.on_packets(packet_batch_);
  step_batch_.clear();
  packet_batch_.clear();
}

}  // namespace synfire
