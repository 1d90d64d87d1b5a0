// SPDX-License-Identifier: Apache-2.0
#pragma once

// When populations step and neurons fire: members of QueuedChipEngine.

#include <algorithm>
#include <utility>

#include "topology/chip_engine.hpp"

namespace synfire {

/// Records wait in batches of this size before a probe sees them.
inline constexpr std::size_t record_batch = 65536;

template <typename Queue>
bool QueuedChipEngine<Queue>::has_all_input(std::uint32_t slice) const {
  const SliceState& state = states_[slice];
  if (slice == input_slice_) return token_of(state.next_step) < first_token_ + tokens_.size();
  return state.ends[state.next_step % buffers_] == plan_.slices[slice].sources;
}

/// A source may run `window` steps ahead of its slowest target: targets gather input for
/// window + 1 steps at once.
template <typename Queue>
bool QueuedChipEngine<Queue>::has_credit(std::uint32_t slice) const {
  const SliceState& state = states_[slice];
  return plan_.slices[slice].target_slices == 0 || state.next_step < state.acked_steps + buffers_;
}

template <typename Queue>
void QueuedChipEngine<Queue>::try_step(std::uint32_t slice) {
  SliceState& state = states_[slice];
  if (state.is_scheduled || !has_all_input(slice) || !has_credit(slice)) return;
  state.is_scheduled = true;
  const std::uint32_t core = core_index(slice);
  if (chip_.synchronisation.kind == Synchronisation::barrier) {
    at_barrier_.push_back(slice);
    return;
  }
  kernel_.schedule(std::max(kernel_.now(), cores_[core].update_free), Phase::step, core, step_start,
                   slice);
}

/// Starts the step of `first` and of all other neurocores that start at the same time: their sums
/// are independent, so they are computed in parallel and take effect one after another.
template <typename Queue>
void QueuedChipEngine<Queue>::on_step_start(std::uint32_t first) {
  std::vector<std::uint32_t> batch{first};
  const auto shares_core = [&](std::uint32_t slice) {
    return std::ranges::any_of(
        batch, [&](std::uint32_t other) { return core_index(other) == core_index(slice); });
  };
  for (const Event* next = kernel_.next_now();
       next != nullptr && next->kind() == step_start && !shares_core(next->argument());
       next = kernel_.next_now()) {
    batch.push_back(kernel_.take().argument());
  }
  std::erase_if(batch, [&](std::uint32_t slice) {
    const std::uint32_t core = core_index(slice);
    if (cores_[core].update_free <= kernel_.now()) return false;
    kernel_.schedule(cores_[core].update_free, Phase::step, core, step_start, slice);
    return true;
  });
  std::vector<StepOutput> outputs(batch.size());
  workers_.for_each(batch.size(), [&](std::size_t i) { outputs[i] = compute(batch[i]); });
  for (std::size_t i = 0; i < batch.size(); ++i) {
    begin_output(batch[i], std::move(outputs[i]));
    try_step(batch[i]);
  }
}

template <typename Queue>
StepOutput QueuedChipEngine<Queue>::compute(std::uint32_t slice) {
  const std::uint32_t step = states_[slice].next_step;
  if (slice != input_slice_) return units_[slice].step(step);
  StepOutput output;
  output.step = step;
  output.neurons = token_state(token_of(step)).input_spikes;
  return output;
}

/// Neuron i of a slice fires at step start + attention + pipeline + floor(i / lanes) * update.
template <typename Queue>
void QueuedChipEngine<Queue>::begin_output(std::uint32_t slice, StepOutput output) {
  SliceState& state = states_[slice];
  state.ends[state.next_step % buffers_] = 0;
  ++state.next_step;
  state.is_scheduled = false;
  PendingOutput pending;
  pending.started = kernel_.now();
  if (slice == input_slice_) {
    TokenState& token = token_state(token_of(output.step));
    pending.first_fire = std::max(kernel_.now() + Duration{1}, token.pushed + chip_.host.latency);
    pending.end = pending.first_fire;
    if (output.step % network_.time_steps() == 0) token.injected = pending.first_fire;
  } else {
    const NeurocoreDescription& core = chip_.neurocore;
    const AttentionWork& work = output.attention;
    const std::int64_t operations =
        work.and_popcount_bits + work.accumulations + work.state_updates + work.decays;
    const TimePoint update_start = kernel_.now() + groups_of(operations, chip_.attention.lanes) *
                                                       chip_.attention.operation_latency;
    const std::int64_t groups = groups_of(mapping_.slices[slice].size(), core.update_lanes);
    cores_[core_index(slice)].update_free = update_start + groups * core.update_latency;
    pending.first_fire = update_start + core.spike_out_latency;
    pending.end = pending.first_fire + (groups - 1) * core.update_latency;
    count_step(slice, output);
    report_potentials(slice);
  }
  pending.output = std::move(output);
  state.outputs.push_back(std::move(pending));
  if (state.outputs.size() == 1) schedule_next_fire(slice);
}

/// The next neuron of the oldest unfinished step, or that step's end.
template <typename Queue>
void QueuedChipEngine<Queue>::schedule_next_fire(std::uint32_t slice) {
  const PendingOutput& pending = states_[slice].outputs.front();
  const std::uint32_t core = core_index(slice);
  const auto& neurons = pending.output.neurons;
  if (pending.position == neurons.size()) {
    kernel_.schedule(std::max(kernel_.now(), pending.end), Phase::fire, core, step_end, slice);
    return;
  }
  TimePoint time = pending.first_fire;
  if (slice != input_slice_) {
    const std::uint32_t i = neurons[pending.position] - mapping_.slices[slice].begin;
    time += (i / chip_.neurocore.update_lanes) * chip_.neurocore.update_latency;
  }
  kernel_.schedule(std::max(kernel_.now(), time), Phase::fire, core, fire, slice);
}

template <typename Queue>
void QueuedChipEngine<Queue>::on_fire(std::uint32_t slice) {
  PendingOutput& pending = states_[slice].outputs.front();
  const PopulationSlice& where = mapping_.slices[slice];
  const std::uint32_t token = token_of(pending.output.step);
  const std::uint32_t neuron = pending.output.neurons[pending.position];
  if (pending.output.payloads.empty()) {
    if (slice == input_slice_ && pending.position == 0 &&
        pending.output.step % network_.time_steps() == 0) {
      token_state(token).injected = kernel_.now();
    }
    ++totals_.spikes;
    ++totals_.spikes_per_population[index(where.population)];
    ++totals_.spikes_per_neuron[index(where.population)][neuron];
    if (slice != input_slice_) ++totals_.slices[slice][Action::spike_out];
    spike_batch_.push_back(
        {kernel_.now(), token, neuron, where.population,
         static_cast<std::uint16_t>(pending.output.step % network_.time_steps())});
    if (spike_batch_.size() == record_batch) flush_records();
  }
  send_spike(slice, pending);
  ++pending.position;
  schedule_next_fire(slice);
}

/// End-of-step packets follow the spikes; credits go back to the sources. Then the next step's
/// output may leave.
template <typename Queue>
void QueuedChipEngine<Queue>::on_step_end(std::uint32_t slice) {
  SliceState& state = states_[slice];
  const PendingOutput& pending = state.outputs.front();
  const std::uint32_t step = pending.output.step;
  const TrafficPlan::SliceTraffic& traffic = plan_.slices[slice];
  const bool ends_token = (step + 1) % network_.time_steps() == 0;
  for (std::uint32_t i = 0; i < traffic.destinations.size(); ++i) {
    const Destination& destination = traffic.destinations[i];
    if (destination.core == host_index() && !ends_token) continue;
    Packet packet;
    packet.kind = PacketKind::end_of_step;
    packet.route = destination.route;
    packet.destination = i;
    packet.step = step;
    inject(slice, packet);
  }
  for (const CreditTarget& target : traffic.credit_targets) {
    Packet packet;
    packet.kind = PacketKind::step_credit;
    packet.route = target.route;
    packet.destination = target.slice;
    packet.step = step;
    inject(slice, packet);
  }
  step_batch_.push_back({pending.started, kernel_.now(), token_of(step),
                         static_cast<std::uint16_t>(step % network_.time_steps()), SliceId{slice}});
  if (step_batch_.size() == record_batch) flush_records();
  state.outputs.pop_front();
  if (!state.outputs.empty()) schedule_next_fire(slice);
}

template <typename Queue>
void QueuedChipEngine<Queue>::count_step(std::uint32_t slice, const StepOutput& output) {
  const std::int64_t neurons = mapping_.slices[slice].size();
  ActionCounts& counts = totals_.slices[slice];
  counts[Action::neuron_access] += neurons;
  counts[Action::neuron_update] += neurons;
  if (population_of(slice).model == NeuronModel::normalization) {
    counts[Action::normalization_multiply] += neurons;
  }
  const AttentionWork& work = output.attention;
  counts[Action::attention_and_popcount] += work.and_popcount_bits;
  counts[Action::attention_accumulate] += work.accumulations;
  counts[Action::attention_state_update] += work.state_updates;
  counts[Action::attention_decay] += work.decays;
  counts[Action::attention_memory_word] += groups_of(work.memory_bits, chip_.attention.word_bits);
  totals_.neuron_steps_per_population[index(mapping_.slices[slice].population)] += neurons;
}

template <typename Queue>
void QueuedChipEngine<Queue>::report_potentials(std::uint32_t slice) {
  const PopulationSlice& where = mapping_.slices[slice];
  const std::uint32_t step = states_[slice].next_step - 1;
  for (const auto& request : options_.potentials) {
    if (request.population != where.population) continue;
    const std::uint32_t begin = std::max(request.begin, where.begin);
    const std::uint32_t end = std::min(request.end, where.end);
    if (begin >= end) continue;
    probe_.on_potentials({kernel_.now(), token_of(step),
                          static_cast<std::uint16_t>(step % network_.time_steps()),
                          where.population, begin,
                          units_[slice].membrane().subspan(begin - where.begin, end - begin)});
  }
}

}  // namespace synfire
