// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/network.hpp"

namespace synfire {

/// How a chip computes the published form; both give the same sums and cost differently.
enum class AttentionRealisation : std::uint8_t {
  score,  ///< stored binary keys and values, AND-popcount; cost grows with context
  state,  ///< count matrix S per head; cost does not grow
};

/// Bits of one entry of the state S: a count up to `context`, or the fixed-point limit of the leaky
/// sum (2^k terms of 2^F; `S - (S >> k)` rounds up, hence one bit of headroom).
std::int64_t attention_entry_bits(const AttentionParameters& parameters, std::uint32_t context);

/// What one attention step did, for pricing. Depends on spike counts alone, never on values.
struct AttentionWork {
  std::int64_t and_popcount_bits = 0;  ///< score: q AND k over stored keys
  std::int64_t accumulations = 0;      ///< score: stored value spikes; state: rows of S times d
  std::int64_t state_updates = 0;      ///< state: |k| |v| increments
  std::int64_t decays = 0;             ///< leaky: entries shifted and subtracted
  std::int64_t memory_bits = 0;        ///< key, value or state bits read and written
};

/// The part of an attention population that one unit holds, and what it must remember.
struct AttentionShape {
  std::uint32_t head_dimension = 0;  ///< d
  std::uint32_t first_head = 0;
  std::uint32_t heads = 1;
  std::uint32_t time_steps = 1;  ///< T
  std::uint32_t context = 0;     ///< tokens
};

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

 private:
  struct Spikes {
    std::vector<std::uint64_t> bits;                ///< [head][word]
    std::vector<std::vector<std::uint32_t>> lists;  ///< per head, ids within the head
    std::int64_t count = 0;
  };
  void sort_by_head(std::span<const std::uint32_t> ids, Spikes& spikes) const;
  void step_score(std::uint32_t step, std::span<std::int32_t> sums, AttentionWork& work);
  void step_state(std::uint32_t step, std::span<std::int32_t> sums, AttentionWork& work);
  void decay(std::uint32_t head, std::span<std::int32_t> state) const;

  AttentionParameters parameters_;
  std::uint32_t head_dimension_;
  std::uint32_t first_head_;
  std::uint32_t heads_;
  std::size_t words_;  ///< 64-bit words per head
  bool uses_state_;
  std::int64_t state_bits_;
  std::vector<std::vector<std::int32_t>> state_;    ///< per step: [head][d][d]
  std::vector<std::vector<std::uint64_t>> keys_;    ///< per step: [token][head][word]
  std::vector<std::vector<std::uint64_t>> values_;  ///< per step: [token][head][word]
  std::vector<std::int64_t> stored_value_spikes_;   ///< per step
  Spikes query_, key_, value_;
};

}  // namespace synfire
