// SPDX-License-Identifier: Apache-2.0
#include "neurons/attention_work.hpp"

#include <algorithm>
#include <bit>

namespace synfire {

std::int64_t attention_entry_bits(const AttentionParameters& parameters, std::uint32_t context) {
  if (parameters.kind == AttentionKind::published) return std::bit_width(context);
  const auto longest = std::ranges::max_element(parameters.decay_shift);
  return *longest + parameters.fraction_bits + 1;
}

AttentionWorkCounter::AttentionWorkCounter(const AttentionParameters& parameters,
                                           const AttentionShape& shape,
                                           AttentionRealisation realisation)
    : shape_(shape),
      is_leaky_(parameters.kind == AttentionKind::leaky),
      uses_state_(is_leaky_ || realisation == AttentionRealisation::state),
      state_bits_(attention_entry_bits(parameters, shape.context)),
      tokens_(shape.time_steps, 0),
      stored_value_spikes_(shape.time_steps, 0),
      keys_of_head_(shape.heads, 0) {}

void AttentionWorkCounter::reset() {
  std::ranges::fill(tokens_, 0);
  std::ranges::fill(stored_value_spikes_, 0);
}

void AttentionWorkCounter::resume(std::uint32_t tokens,
                                  std::span<const std::int64_t> value_spikes) {
  std::ranges::fill(tokens_, tokens);
  std::ranges::copy(value_spikes, stored_value_spikes_.begin());
}

AttentionWork AttentionWorkCounter::step(std::uint32_t step, std::span<const std::uint32_t> query,
                                         std::span<const std::uint32_t> key,
                                         std::span<const std::uint32_t> value) {
  return uses_state_ ? count_state(query, key, value) : count_score(step, value);
}

AttentionWork AttentionWorkCounter::count_score(std::uint32_t step,
                                                std::span<const std::uint32_t> value) {
  stored_value_spikes_[step] += static_cast<std::int64_t>(value.size());
  const std::int64_t neurons = std::int64_t{shape_.heads} * shape_.head_dimension;
  AttentionWork work;
  work.and_popcount_bits = ++tokens_[step] * neurons;
  work.accumulations = stored_value_spikes_[step];
  work.memory_bits = 2 * work.and_popcount_bits + 2 * neurons;
  return work;
}

AttentionWork AttentionWorkCounter::count_state(std::span<const std::uint32_t> query,
                                                std::span<const std::uint32_t> key,
                                                std::span<const std::uint32_t> value) {
  const std::int64_t d = shape_.head_dimension;
  std::ranges::fill(keys_of_head_, 0);
  for (const std::uint32_t id : key) ++keys_of_head_[id / shape_.head_dimension];
  AttentionWork work;
  for (const std::uint32_t id : value) {
    work.state_updates += keys_of_head_[id / shape_.head_dimension];
  }
  work.accumulations = static_cast<std::int64_t>(query.size()) * d;
  work.decays = is_leaky_ ? shape_.heads * d * d : 0;
  work.memory_bits = state_bits_ * (2 * work.state_updates + work.accumulations + 2 * work.decays);
  return work;
}

}  // namespace synfire
