// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/attention_work.hpp"
#include "neurons/network.hpp"

namespace synfire {

/// exp(x * S) in units of S^2 * 0.3585, for x <= 0 and the real scale S of the parameters:
///     x = p - z * ln2, -ln2 < p <= 0;   ((p + b)^2 + c) >> z
///
/// Source  Kim et al. 2021, I-BERT, arXiv 2101.01321, algorithm 2 (i-exp): the polynomial
///         0.3585 (p + 1.353)^2 + 0.344 on (-ln 2, 0].
std::int64_t integer_exp(std::int64_t x, const SoftmaxParameters& parameters);

/// Causal softmax attention over payloads, one token at a time, in integers:
///     a_m = (q . k_m) >> score_shift;   e_m = integer_exp(a_m - max a);
///     y = floor((sum e_m v_m << fraction_bits) / sum e_m),   m = 0 .. n
///
/// Shapes  payloads: one per neuron of the slice, a run of whole heads; `value_bits`: of a payload,
///         for counting memory.
/// Memory  keys and values of all tokens and steps.
/// Exact   in 64 bits; bounds.hpp proves that nothing leaves them.
/// Source  softmax: Kim et al. 2021, I-BERT, section 3.5.
class SoftmaxAttention {
 public:
  SoftmaxAttention(const Population& population, const AttentionShape& shape,
                   std::int64_t value_bits = 0);

  /// Forgets all tokens.
  void reset();

  /// Step `step` of the next token (steps of a token come in order 0 .. T-1). Only the last
  /// `visible` tokens count, the current one included; 0: all.
  AttentionWork step(std::uint32_t step, std::span<const std::int32_t> query,
                     std::span<const std::int32_t> key, std::span<const std::int32_t> value,
                     std::span<std::int32_t> out, std::uint32_t visible = 0);

  /// As if so many tokens had been counted.
  void resume(std::uint32_t tokens);

  /// The work of such a step alone.
  AttentionWork count(std::uint32_t step);

 private:
  struct History {
    std::size_t tokens = 0;
    std::vector<std::int32_t> keys;    ///< [token][neuron]
    std::vector<std::int32_t> values;  ///< [token][neuron]
  };
  void attend(const History& history, std::size_t first_token, std::size_t head,
              std::span<const std::int32_t> query, std::span<std::int32_t> out) const;

  SoftmaxParameters parameters_;
  int fraction_bits_;
  AttentionShape shape_;
  std::int64_t value_bits_;
  std::vector<History> history_;  ///< per time step
};

}  // namespace synfire
