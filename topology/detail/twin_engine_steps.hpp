// SPDX-License-Identifier: Apache-2.0
#pragma once

// When slices of a twin compute: members of QueuedTwinEngine.

#include <algorithm>

#include "topology/detail/twin_engine.hpp"

namespace synfire {

/// A slice computes its next token if all vectors are there and its targets have room.
template <typename Queue>
void QueuedTwinEngine<Queue>::try_compute(std::uint32_t slice) {
  SliceState& state = states_[slice];
  const bool has_input = slice == input_slice_
                             ? state.next_token < tokens_.size()
                             : state.arrived[state.next_token % buffers_] == plan_.expected[slice];
  const bool has_room = plan_.traffic.slices[slice].target_slices == 0 ||
                        state.next_token < state.acked_tokens + buffers_;
  if (state.is_scheduled || !has_input || !has_room) return;
  state.is_scheduled = true;
  if (chip_.synchronisation.kind == Synchronisation::barrier) {
    at_barrier_.push_back(slice);
    return;
  }
  const std::uint32_t core = core_of_slice_[slice];
  kernel_.schedule(std::max(kernel_.now(), cores_[core].update_free), Phase::step, core, compute,
                   slice);
}

/// The chip is quiet: every slice that is ready computes one token, and no more than that. Every
/// neurocore in use takes part; the message is charged to the first of its slices.
template <typename Queue>
void QueuedTwinEngine<Queue>::release_barrier() {
  ++totals_.barriers;
  for (const std::uint32_t slice : first_slices_) {
    ++totals_.slices[slice][Action::barrier_message];
  }
  std::ranges::sort(at_barrier_);
  const TimePoint release = kernel_.now() + chip_.synchronisation.barrier_latency;
  for (const std::uint32_t slice : at_barrier_) {
    const std::uint32_t core = core_of_slice_[slice];
    kernel_.schedule(std::max(release, cores_[core].update_free), Phase::step, core, compute,
                     slice);
  }
  at_barrier_.clear();
}

template <typename Queue>
void QueuedTwinEngine<Queue>::on_compute(std::uint32_t slice) {
  const std::uint32_t core = core_of_slice_[slice];
  if (cores_[core].update_free > kernel_.now()) {
    kernel_.schedule(cores_[core].update_free, Phase::step, core, compute, slice);
    return;
  }
  SliceState& state = states_[slice];
  const std::uint32_t token = state.next_token++;
  state.arrived[token % buffers_] = 0;
  state.is_scheduled = false;
  state.started.push_back(std::min(kernel_.now(), state.begun[token % buffers_]));
  state.begun[token % buffers_] = TimePoint::max();
  const TimePoint ready = slice == input_slice_ ? time_input(token) : time_slice(slice, token);
  kernel_.schedule(ready, Phase::fire, core, send, slice);
  try_compute(slice);
}

/// The input leaves as soon as the host has it on the chip.
template <typename Queue>
TimePoint QueuedTwinEngine<Queue>::time_input(std::uint32_t token) {
  const TimePoint ready =
      std::max(kernel_.now() + Duration{1}, tokens_[token].pushed + chip_.host.latency);
  tokens_[token].injected = ready;
  return ready;
}

/// Attention, functions and updates of a slice, one after another; then spike_out_latency to the
/// port, as of a spike. Charges them.
template <typename Queue>
TimePoint QueuedTwinEngine<Queue>::time_slice(std::uint32_t slice, std::uint32_t token) {
  const TwinWork work = rules_.work(mapping_.slices[slice], tokens_[token].position);
  const auto groups = [](std::int64_t count, std::int64_t lanes) {
    return (count + lanes - 1) / lanes;
  };
  const Duration busy =
      groups(work.attention_products + work.decays, chip_.attention.lanes) *
          chip_.attention.operation_latency +
      groups(work.functions, chip_.dense.lanes) * chip_.dense.function_latency +
      groups(work.updates, chip_.neurocore.update_lanes) * chip_.neurocore.update_latency;
  const std::uint32_t core = core_of_slice_[slice];
  cores_[core].update_free = kernel_.now() + busy;
  totals_.core_use[core].update_busy += busy;
  ActionCounts& counts = totals_.slices[slice];
  counts[Action::attention_multiply_accumulate] += work.attention_products;
  counts[Action::multiply_accumulate_bit] += work.attention_products * rules_.activation_bits();
  counts[Action::attention_decay] += work.decays;
  counts[Action::attention_memory_word] += groups(work.memory_bits, chip_.attention.word_bits);
  counts[Action::function_evaluation] += work.functions;
  counts[Action::neuron_access] += work.accesses;
  counts[Action::neuron_update] += work.updates;
  counts[Action::normalization_multiply] += work.multiplications;
  return cores_[core].update_free + chip_.neurocore.spike_out_latency;
}

/// Vectors leave one after another; credits go back to the sources behind them.
template <typename Queue>
void QueuedTwinEngine<Queue>::on_send(std::uint32_t slice) {
  SliceState& state = states_[slice];
  Packet packet;
  packet.source = slice;
  packet.step = state.sent_tokens++;
  packet.kind = PacketKind::graded;
  for (const TwinVector& vector : plan_.vectors[slice]) {
    packet.node = vector.root;
    packet.size = vector.size;
    inject(slice, packet);
  }
  packet.kind = PacketKind::step_credit;
  packet.size = static_cast<std::uint16_t>(size_class(packet.kind));
  for (const std::uint32_t root : plan_.traffic.slices[slice].credits) {
    packet.node = root;
    inject(slice, packet);
  }
  const StepRecord step{state.started.front(), kernel_.now(), packet.step, 0, SliceId{slice}};
  state.started.pop_front();
  probe_.on_steps({&step, 1});
}

}  // namespace synfire
