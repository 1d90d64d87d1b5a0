// SPDX-License-Identifier: Apache-2.0
#pragma once

// When populations step: members of QueuedChipEngine.

#include <algorithm>

#include "topology/detail/chip_engine_queued.hpp"

namespace synfire {

template <typename Queue>
bool QueuedChipEngine<Queue>::has_all_input(std::uint32_t slice) const {
  const std::uint32_t step = states_[slice].next_step;
  return step < pushed_steps_ && step < states_[slice].whole_steps;
}

/// A source may run `window` steps ahead of its slowest target. Its spikes reach further ahead by
/// their delay, so that targets gather input for window + 1 + greatest delay steps at once.
template <typename Queue>
bool QueuedChipEngine<Queue>::has_credit(std::uint32_t slice) const {
  const SliceState& state = states_[slice];
  return plan_.slices[slice].target_slices == 0 || state.next_step < state.acked_steps + run_ahead_;
}

/// Lets the slice step if it can, not before `after` has passed.
template <typename Queue>
void QueuedChipEngine<Queue>::try_step(std::uint32_t slice, Duration after) {
  SliceState& state = states_[slice];
  if (state.is_scheduled || !has_all_input(slice) || !has_credit(slice)) return;
  state.is_scheduled = true;
  const std::uint32_t core = core_of_slice_[slice];
  if (chip_.synchronisation.kind == Synchronisation::barrier) {
    at_barrier_.push_back(slice);
    return;
  }
  kernel_.schedule(std::max(kernel_.now() + after, cores_[core].update_free), Phase::step, core,
                   step_start, slice);
}

/// The chip is quiet: every population that is ready makes its next step, and no more than that.
/// Every neurocore in use takes part; the message is charged to the first of its slices.
template <typename Queue>
void QueuedChipEngine<Queue>::release_barrier() {
  for (const std::uint32_t slice : first_slices_) {
    ++totals_.slices[slice][Action::barrier_message];
  }
  std::ranges::sort(at_barrier_);
  const TimePoint release = kernel_.now() + chip_.synchronisation.barrier_latency;
  for (const std::uint32_t slice : at_barrier_) {
    const std::uint32_t core = core_of_slice_[slice];
    kernel_.schedule(std::max(release, cores_[core].update_free), Phase::step, core, step_start,
                     slice);
  }
  at_barrier_.clear();
}

/// Starts the step of `first` and of all other neurocores that start at the same time: their sums
/// are independent, so they are computed in parallel and take effect one after another.
template <typename Queue>
void QueuedChipEngine<Queue>::on_step_start(std::uint32_t first) {
  starting_.assign(1, first);
  const auto shares_core = [&](std::uint32_t slice) {
    return std::ranges::any_of(starting_, [&](std::uint32_t other) {
      return core_of_slice_[other] == core_of_slice_[slice];
    });
  };
  for (const Event* next = kernel_.next_now();
       next != nullptr && next->kind() == step_start && !shares_core(next->argument());
       next = kernel_.next_now()) {
    starting_.push_back(kernel_.take().argument());
  }
  std::erase_if(starting_, [&](std::uint32_t slice) {
    const std::uint32_t core = core_of_slice_[slice];
    if (cores_[core].update_free <= kernel_.now()) return false;
    kernel_.schedule(cores_[core].update_free, Phase::step, core, step_start, slice);
    return true;
  });
  workers_.for_each(starting_.size(), [this](std::size_t i) { compute(starting_[i]); });
  for (const std::uint32_t slice : starting_) {
    begin_output(slice);
    try_step(slice);
  }
}

/// What the slice sends after its next step, behind what it still has to send. A dead neurocore
/// computes and sends nothing.
template <typename Queue>
void QueuedChipEngine<Queue>::compute(std::uint32_t slice) {
  const std::uint32_t step = states_[slice].next_step;
  StepOutput& output = states_[slice].outputs.push().output;
  output.restart(step);
  if (is_input(slice)) {
    const TokenState& token = token_state(token_of(step));
    const SpikeTrain& train = token.input_spikes[input_of_slice_[slice]];
    const auto fired = train.at(token.is_repeated ? 0 : step_in_token(step));
    output.neurons.assign(fired.begin(), fired.end());
  } else if (!cores_[core_of_slice_[slice]].is_dead) {
    if (options_.replay != nullptr) {
      units_[slice].replay(options_.replay->spikes(mapping_.slices[slice], step), output);
    } else {
      units_[slice].step(output);
      if (faults_) apply_stuck(slice, output);
    }
  }
}

/// Stuck neurons fire always or never, whatever their membranes, which go on as if nothing were.
template <typename Queue>
void QueuedChipEngine<Queue>::apply_stuck(std::uint32_t slice, StepOutput& output) const {
  const PopulationSlice& where = mapping_.slices[slice];
  const auto stuck = faults_->stuck(where.population);
  if (stuck.empty()) return;
  std::erase_if(output.neurons, [&](std::uint32_t i) { return stuck[i] != Stuck::no; });
  for (std::uint32_t i = where.begin; i < where.end; ++i) {
    if (stuck[i] == Stuck::firing) output.neurons.push_back(i);
  }
  std::ranges::sort(output.neurons);
}

template <typename Queue>
void QueuedChipEngine<Queue>::begin_output(std::uint32_t slice) {
  SliceState& state = states_[slice];
  ++state.next_step;
  state.is_scheduled = false;
  PendingOutput& pending = state.outputs.back();
  pending.started = kernel_.now();
  pending.position = 0;
  is_input(slice) ? time_input(pending) : time_update(slice, pending);
  if (!is_input(slice) && !cores_[core_of_slice_[slice]].is_dead) {
    count_step(slice, pending.output);
    report_potentials(slice);
  }
  if (state.outputs.size() == 1) schedule_next_fire(slice);
}

/// Input spikes leave one after another as soon as the host has them on the chip.
template <typename Queue>
void QueuedChipEngine<Queue>::time_input(PendingOutput& pending) {
  const std::uint32_t step = pending.output.step;
  TokenProgress& token = token_state(token_of(step)).progress;
  pending.first_fire = std::max(kernel_.now() + Duration{1}, token.pushed + chip_.host.latency);
  pending.end = pending.first_fire;
  if (step_in_token(step) == 0 && !token.has_fired) {
    token.injected = std::min(token.injected, pending.first_fire);
  }
}

/// Neuron i of a slice fires at
///     step start + attention + functions + spike_out_latency
///                + floor(i / update_lanes) * update_latency.
template <typename Queue>
void QueuedChipEngine<Queue>::time_update(std::uint32_t slice, PendingOutput& pending) {
  const NeurocoreDescription& core = chip_.neurocore;
  const AttentionWork& work = pending.output.attention;
  const std::int64_t operations = work.and_popcount_bits + work.accumulations + work.state_updates +
                                  work.decays + work.products;
  const std::int64_t functions = work.functions + functions_of(slice);
  const TimePoint update_start =
      kernel_.now() +
      groups_of(operations, chip_.attention.lanes) * chip_.attention.operation_latency +
      groups_of(functions, chip_.dense.lanes) * chip_.dense.function_latency;
  const std::int64_t groups = groups_of(mapping_.slices[slice].size(), core.update_lanes);
  const TimePoint update_end = update_start + groups * core.update_latency;
  cores_[core_of_slice_[slice]].update_free = update_end;
  totals_.core_use[core_of_slice_[slice]].update_busy += update_end - kernel_.now();
  pending.first_fire = update_start + core.spike_out_latency;
  pending.end = pending.first_fire + (groups - 1) * core.update_latency;
}

/// Look-ups and LayerNorm elements of a step.
template <typename Queue>
std::int64_t QueuedChipEngine<Queue>::functions_of(std::uint32_t slice) const {
  const NeuronModel model = population_of(slice).model;
  const bool has = model == NeuronModel::activation || model == NeuronModel::layer_norm;
  return has ? mapping_.slices[slice].size() : 0;
}

template <typename Queue>
void QueuedChipEngine<Queue>::count_step(std::uint32_t slice, const StepOutput& output) {
  const std::int64_t neurons = mapping_.slices[slice].size();
  ActionCounts& counts = totals_.slices[slice];
  counts[Action::neuron_access] += neurons;
  counts[Action::neuron_update] += neurons;
  if (!population_of(slice).multiplier.empty()) counts[Action::normalization_multiply] += neurons;
  const AttentionWork& work = output.attention;
  counts[Action::function_evaluation] += work.functions + functions_of(slice);
  counts[Action::attention_multiply_accumulate] += work.products;
  counts[Action::multiply_accumulate_bit] += work.products * work.operand_bits;
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
    probe_.on_potentials({kernel_.now(), token_of(step), step_in_token(step), where.population,
                          begin,
                          units_[slice].membrane().subspan(begin - where.begin, end - begin)});
  }
}

}  // namespace synfire
