// SPDX-License-Identifier: Apache-2.0
#include "neurons/spiking_attention.hpp"

#include <algorithm>
#include <bit>

#include "sim/multiversion.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t word_bits = 64;

SYNFIRE_LOOP void decay_entries(std::int32_t* state, std::size_t count, int shift) {
  for (std::size_t i = 0; i < count; ++i) state[i] -= state[i] >> shift;
}

SYNFIRE_LOOP void add_entries(std::int32_t* sum, const std::int32_t* row, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sum[i] += row[i];
}

template <typename Visit>
void for_each_bit(const std::uint64_t* words, std::size_t count, const Visit& visit) {
  for (std::size_t w = 0; w < count; ++w) {
    for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
      visit(w * word_bits + static_cast<std::size_t>(std::countr_zero(rest)));
    }
  }
}

}  // namespace

SpikingAttention::SpikingAttention(const AttentionParameters& parameters,
                                   const AttentionShape& shape, AttentionRealisation realisation)
    : parameters_(parameters),
      head_dimension_(shape.head_dimension),
      first_head_(shape.first_head),
      heads_(shape.heads),
      words_((shape.head_dimension + word_bits - 1) / word_bits),
      work_(parameters, shape, realisation),
      keys_(shape.time_steps),
      values_(shape.time_steps) {
  if (work_.uses_state()) {
    const std::size_t entries = std::size_t{heads_} * head_dimension_ * head_dimension_;
    state_.assign(shape.time_steps, std::vector<std::int32_t>(entries, 0));
  }
  for (Spikes* spikes : {&query_, &key_, &value_}) {
    spikes->bits.resize(heads_ * words_);
    spikes->lists.resize(heads_);
  }
}

void SpikingAttention::reset() {
  for (auto& state : state_) std::ranges::fill(state, 0);
  for (auto& keys : keys_) keys.clear();
  for (auto& values : values_) values.clear();
  work_.reset();
}

void SpikingAttention::sort_by_head(std::span<const std::uint32_t> ids, Spikes& spikes) const {
  std::ranges::fill(spikes.bits, 0);
  for (auto& list : spikes.lists) list.clear();
  for (const std::uint32_t id : ids) {
    const std::uint32_t head = id / head_dimension_;
    const std::uint32_t within = id % head_dimension_;
    spikes.bits[head * words_ + within / word_bits] |= std::uint64_t{1} << (within % word_bits);
    spikes.lists[head].push_back(within);
  }
}

AttentionWork SpikingAttention::step(std::uint32_t step, std::span<const std::uint32_t> query,
                                     std::span<const std::uint32_t> key,
                                     std::span<const std::uint32_t> value,
                                     std::span<std::int32_t> sums) {
  sort_by_head(query, query_);
  sort_by_head(key, key_);
  sort_by_head(value, value_);
  std::ranges::fill(sums, 0);
  if (work_.uses_state()) {
    step_state(step, sums);
  } else {
    step_score(step, sums);
  }
  return work_.step(step, query, key, value);
}

void SpikingAttention::step_score(std::uint32_t step, std::span<std::int32_t> sums) {
  auto& keys = keys_[step];
  auto& values = values_[step];
  keys.insert(keys.end(), key_.bits.begin(), key_.bits.end());
  values.insert(values.end(), value_.bits.begin(), value_.bits.end());
  const std::size_t token_words = heads_ * words_;
  const std::size_t tokens = keys.size() / token_words;
  for (std::size_t token = 0; token < tokens; ++token) {
    for (std::uint32_t head = 0; head < heads_; ++head) {
      const std::size_t offset = token * token_words + head * words_;
      std::int32_t score = 0;
      for (std::size_t w = 0; w < words_; ++w) {
        score += std::popcount(query_.bits[head * words_ + w] & keys[offset + w]);
      }
      if (score == 0) continue;
      std::int32_t* sum = sums.data() + std::size_t{head} * head_dimension_;
      for_each_bit(values.data() + offset, words_, [&](std::size_t i) { sum[i] += score; });
    }
  }
}

void SpikingAttention::decay(std::uint32_t head, std::span<std::int32_t> state) const {
  multiversion<decay_entries>(state.data(), state.size(),
                              parameters_.decay_shift[first_head_ + head]);
}

void SpikingAttention::step_state(std::uint32_t step, std::span<std::int32_t> sums) {
  const std::size_t d = head_dimension_;
  const bool is_leaky = parameters_.kind == AttentionKind::leaky;
  const std::int32_t one = std::int32_t{1} << parameters_.fraction_bits;
  for (std::uint32_t head = 0; head < heads_; ++head) {
    const std::span<std::int32_t> state = std::span(state_[step]).subspan(head * d * d, d * d);
    if (is_leaky) decay(head, state);
    for (const std::uint32_t i : key_.lists[head]) {
      for (const std::uint32_t j : value_.lists[head]) state[i * d + j] += one;
    }
    for (const std::uint32_t i : query_.lists[head]) {
      multiversion<add_entries>(sums.data() + head * d, state.data() + i * d, d);
    }
  }
}

}  // namespace synfire
