// SPDX-License-Identifier: Apache-2.0
#pragma once

// Quiet chips, which can go on with any token: members of QueuedChipEngine.

#include <algorithm>

#include "topology/detail/chip_engine_queued.hpp"

namespace synfire {

template <typename Queue>
bool QueuedChipEngine<Queue>::is_quiet() const {
  if (!kernel_.is_idle() || last_read_ > kernel_.now()) return false;
  if (!at_barrier_.empty() || !network_on_chip_.is_quiet()) return false;
  for (const NeurocoreState& core : cores_) {
    if (!rests(core)) return false;
  }
  for (std::uint32_t slice = 0; slice < states_.size(); ++slice) {
    if (!owes_nothing(slice)) return false;
  }
  for (std::uint32_t token = 0; token < tokens_.size(); ++token) {
    if (!tokens_[token].progress.is_finished) return false;
  }
  return true;
}

template <typename Queue>
bool QueuedChipEngine<Queue>::rests(const NeurocoreState& core) const {
  const TimePoint now = kernel_.now();
  return core.input.is_free(now) && core.update_free <= now && core.port_free <= now &&
         core.stalled.empty();
}

/// Has made and sent every step, and its sources and targets have ended as many.
template <typename Queue>
bool QueuedChipEngine<Queue>::owes_nothing(std::uint32_t slice) const {
  const SliceState& state = states_[slice];
  return state.next_step == pushed_steps_ && state.outputs.empty() &&
         (needs_no_input(state) || state.whole_steps == pushed_steps_) &&
         (plan_.slices[slice].target_slices == 0 || state.acked_steps == pushed_steps_);
}

template <typename Queue>
std::vector<InputStages> QueuedChipEngine<Queue>::input_stages() const {
  std::vector<InputStages> stages;
  for (const NeurocoreState& core : cores_) {
    stages.push_back(core.alike == 0 ? stages.back() : core.input.stages());
  }
  return stages;
}

template <typename Queue>
void QueuedChipEngine<Queue>::resume_after(const TokenPast& past, TimePoint now) {
  SYNFIRE_ASSERT(is_quiet(), "takes over a token while another is under way");
  kernel_.skip_to(now);
  while (!tokens_.empty()) tokens_.pop();
  first_token_ = past.tokens;
  context_tokens_ = past.context_tokens;
  pushed_steps_ = past.tokens * network_.time_steps();
  for (SliceState& state : states_) {
    state.next_step = state.acked_steps = pushed_steps_;
    if (!needs_no_input(state)) state.whole_steps = pushed_steps_;
  }
  for (SliceUnit& unit : units_) unit.resume_after(past);
}

}  // namespace synfire
