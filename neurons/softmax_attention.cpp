// SPDX-License-Identifier: Apache-2.0
#include "neurons/softmax_attention.hpp"

#include <algorithm>

#include "neurons/residual.hpp"

namespace synfire {

std::int64_t integer_exp(std::int64_t x, const SoftmaxParameters& parameters) {
  constexpr std::int64_t longest_shift = 62;
  const std::int64_t halvings = -x / parameters.ln2;
  if (halvings > longest_shift) return 0;
  const std::int64_t p = x + halvings * parameters.ln2 + parameters.b;
  return (p * p + parameters.c) >> halvings;
}

SoftmaxAttention::SoftmaxAttention(const Population& population, const AttentionShape& shape,
                                   std::int64_t value_bits)
    : parameters_(population.softmax),
      fraction_bits_(population.attention.fraction_bits),
      shape_(shape),
      value_bits_(value_bits),
      history_(shape.time_steps) {}

void SoftmaxAttention::reset() {
  for (History& history : history_) history = {};
}

void SoftmaxAttention::resume(std::uint32_t tokens) {
  for (History& history : history_) history.tokens = tokens;
}

AttentionWork SoftmaxAttention::count(std::uint32_t step) {
  const auto tokens = static_cast<std::int64_t>(++history_[step].tokens);
  const std::int64_t neurons = std::int64_t{shape_.heads} * shape_.head_dimension;
  AttentionWork work;
  work.products = 2 * tokens * neurons;
  work.operand_bits = value_bits_;
  work.functions = shape_.heads * (tokens + 1);
  work.memory_bits = value_bits_ * (2 * tokens * neurons + 2 * neurons);
  return work;
}

AttentionWork SoftmaxAttention::step(std::uint32_t step, std::span<const std::int32_t> query,
                                     std::span<const std::int32_t> key,
                                     std::span<const std::int32_t> value,
                                     std::span<std::int32_t> out, std::uint32_t visible) {
  const AttentionWork work = count(step);
  History& history = history_[step];
  history.keys.insert(history.keys.end(), key.begin(), key.end());
  history.values.insert(history.values.end(), value.begin(), value.end());
  const bool is_limited = visible != 0 && visible < history.tokens;
  const std::size_t first = is_limited ? history.tokens - visible : 0;
  for (std::size_t head = 0; head < shape_.heads; ++head) attend(history, first, head, query, out);
  return work;
}

void SoftmaxAttention::attend(const History& history, std::size_t first_token, std::size_t head,
                              std::span<const std::int32_t> query,
                              std::span<std::int32_t> out) const {
  const std::size_t d = shape_.head_dimension;
  const std::size_t width = query.size();
  std::vector<std::int64_t> scores;
  for (std::size_t m = first_token; m < history.tokens; ++m) {
    const std::int32_t* key = history.keys.data() + m * width + head * d;
    std::int64_t score = 0;
    for (std::size_t i = 0; i < d; ++i) score += std::int64_t{query[head * d + i]} * key[i];
    scores.push_back(shift_right(score, parameters_.score_shift));
  }
  const std::int64_t largest = *std::ranges::max_element(scores);
  std::int64_t total = 0;
  std::vector<std::int64_t> sums(d, 0);
  for (std::size_t m = first_token; m < history.tokens; ++m) {
    const std::int64_t weight = integer_exp(scores[m - first_token] - largest, parameters_);
    const std::int32_t* value = history.values.data() + m * width + head * d;
    total += weight;
    for (std::size_t i = 0; i < d; ++i) sums[i] += weight * value[i];
  }
  for (std::size_t i = 0; i < d; ++i) {
    const std::int64_t scaled = sums[i] * (std::int64_t{1} << fraction_bits_);
    const std::int64_t quotient = scaled / total;
    out[head * d + i] =
        static_cast<std::int32_t>(quotient * total > scaled ? quotient - 1 : quotient);
  }
}

}  // namespace synfire
