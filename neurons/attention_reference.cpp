// SPDX-License-Identifier: Apache-2.0
#include "neurons/attention_reference.hpp"

#include <algorithm>

#include "sim/multiversion.hpp"

namespace synfire {
namespace {

/// S := S - (S >> k), entry by entry.
SYNFIRE_LOOP void forget(std::int32_t* state, std::size_t count, int k) {
  for (std::size_t i = 0; i < count; ++i) state[i] = state[i] - (state[i] >> k);
}

/// target := target + source, entry by entry.
SYNFIRE_LOOP void add(std::int32_t* target, const std::int32_t* source, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) target[i] += source[i];
}

}  // namespace

AttentionReference::AttentionReference(const Population& population, std::uint32_t time_steps)
    : parameters_(population.attention),
      size_(population.size),
      d_(population.size / population.attention.heads),
      history_(time_steps) {
  reset();
}

void AttentionReference::reset() {
  for (History& history : history_) {
    history.keys.clear();
    history.values.clear();
    history.state.assign(size_ * d_, 0);
  }
}

void AttentionReference::step(std::uint32_t step, std::span<const std::uint8_t> query,
                              std::span<const std::uint8_t> key,
                              std::span<const std::uint8_t> value, std::uint32_t visible,
                              std::span<std::int32_t> sums) {
  History& history = history_[step];
  history.keys.emplace_back(key.begin(), key.end());
  history.values.emplace_back(value.begin(), value.end());
  std::ranges::fill(sums, 0);
  const std::size_t tokens = history.keys.size();
  const std::size_t first = visible == 0 || visible > tokens ? 0 : tokens - visible;
  if (parameters_.kind == AttentionKind::published) {
    published(history, first, query, sums);
    return;
  }
  if (first == 0) {
    advance(key, value, history.state);
    read(query, history.state, sums);
    return;
  }
  std::vector<std::int32_t> recent(size_ * d_, 0);
  for (std::size_t m = first; m < tokens; ++m) advance(history.keys[m], history.values[m], recent);
  read(query, recent, sums);
}

void AttentionReference::published(const History& history, std::size_t first,
                                   std::span<const std::uint8_t> query,
                                   std::span<std::int32_t> sums) const {
  for (std::size_t m = first; m < history.keys.size(); ++m) {
    for (std::size_t head = 0; head < size_; head += d_) {
      std::int32_t score = 0;
      for (std::size_t i = 0; i < d_; ++i) score += query[head + i] * history.keys[m][head + i];
      if (score == 0) continue;
      for (std::size_t i = 0; i < d_; ++i) sums[head + i] += score * history.values[m][head + i];
    }
  }
}

void AttentionReference::advance(std::span<const std::uint8_t> key,
                                 std::span<const std::uint8_t> value,
                                 std::vector<std::int32_t>& state) const {
  const std::int32_t one = std::int32_t{1} << parameters_.fraction_bits;
  for (std::size_t head = 0; head < parameters_.heads; ++head) {
    std::int32_t* entries = state.data() + head * d_ * d_;
    multiversion<forget>(entries, d_ * d_, parameters_.decay_shift[head]);
    for (std::size_t i = 0; i < d_; ++i) {
      if (key[head * d_ + i] == 0) continue;
      for (std::size_t j = 0; j < d_; ++j) entries[i * d_ + j] += one * value[head * d_ + j];
    }
  }
}

void AttentionReference::read(std::span<const std::uint8_t> query,
                              std::span<const std::int32_t> state,
                              std::span<std::int32_t> sums) const {
  for (std::size_t head = 0; head < parameters_.heads; ++head) {
    for (std::size_t i = 0; i < d_; ++i) {
      if (query[head * d_ + i] == 0) continue;
      multiversion<add>(sums.data() + head * d_, state.data() + (head * d_ + i) * d_, d_);
    }
  }
}

}  // namespace synfire
