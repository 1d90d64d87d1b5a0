// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/attention_work.hpp"
#include "neurons/network.hpp"

namespace synfire {

/// Spiking self-attention without softmax for a run of heads, all time steps, one token at a time.
///
/// Published  Y_n = sum_{m <= n} (q_n . k_m) v_m, causal mask multiplied by zero.
///            Source: Beger et al. 2026 (SpikeDecoder), systems of Spikformer (Zhou et al. 2023).
/// Leaky      S_n = S_{n-1} - (S_{n-1} >> k) + (k_n v_n^T) << F;  Y_n = q_n S_n, k per head.
///            Ours, after retention (Sun et al. 2023); always realised as state.
/// Shapes     spike lists: ids within the slice (0 .. heads * head_dimension - 1), any order;
///            sums: one per neuron of the slice.
/// Memory     state: steps * heads * d * d integers; score: steps * heads * context * 2 d bits.
class SpikingAttention {
 public:
  SpikingAttention(const AttentionParameters& parameters, const AttentionShape& shape,
                   AttentionRealisation realisation);

  /// Forgets all tokens.
  void reset();

  /// Step `step` of the next token (steps of a token come in order 0 .. T-1).
  AttentionWork step(std::uint32_t step, std::span<const std::uint32_t> query,
                     std::span<const std::uint32_t> key, std::span<const std::uint32_t> value,
                     std::span<std::int32_t> sums);

  /// The work of such a step alone: nothing is computed or remembered but counts.
  AttentionWork count(std::uint32_t step, std::span<const std::uint32_t> query,
                      std::span<const std::uint32_t> key, std::span<const std::uint32_t> value) {
    return work_.step(step, query, key, value);
  }
  /// Counts as after these tokens of a context; see AttentionWorkCounter.
  void resume(std::uint32_t tokens, std::span<const std::int64_t> value_spikes) {
    work_.resume(tokens, value_spikes);
  }

 private:
  struct Spikes {
    std::vector<std::uint64_t> bits;                ///< [head][word]
    std::vector<std::vector<std::uint32_t>> lists;  ///< per head, ids within the head
  };
  void sort_by_head(std::span<const std::uint32_t> ids, Spikes& spikes) const;
  void step_score(std::uint32_t step, std::span<std::int32_t> sums);
  void step_state(std::uint32_t step, std::span<std::int32_t> sums);
  void decay(std::uint32_t head, std::span<std::int32_t> state) const;

  AttentionParameters parameters_;
  std::uint32_t head_dimension_;
  std::uint32_t first_head_;
  std::uint32_t heads_;
  std::size_t words_;  ///< 64-bit words per head
  AttentionWorkCounter work_;
  std::vector<std::vector<std::int32_t>> state_;    ///< per step: [head][d][d]
  std::vector<std::vector<std::uint64_t>> keys_;    ///< per step: [token][head][word]
  std::vector<std::vector<std::uint64_t>> values_;  ///< per step: [token][head][word]
  Spikes query_, key_, value_;
};

}  // namespace synfire
