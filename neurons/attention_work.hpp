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

/// The part of an attention population that one unit holds, and what it must remember.
struct AttentionShape {
  std::uint32_t head_dimension = 0;  ///< d
  std::uint32_t first_head = 0;
  std::uint32_t heads = 1;
  std::uint32_t time_steps = 1;  ///< T
  std::uint32_t context = 0;     ///< tokens
};

/// What one attention step did, for pricing. Depends on spike counts alone, never on values.
struct AttentionWork {
  std::int64_t and_popcount_bits = 0;  ///< score: q AND k over stored keys
  std::int64_t accumulations = 0;      ///< score: stored value spikes; state: rows of S times d
  std::int64_t state_updates = 0;      ///< state: |k| |v| increments
  std::int64_t decays = 0;             ///< leaky: entries shifted and subtracted
  std::int64_t products = 0;           ///< softmax: products of payloads, added
  std::int64_t operand_bits = 0;       ///< softmax: of a payload
  std::int64_t functions = 0;          ///< softmax: exponentials and reciprocals
  std::int64_t memory_bits = 0;        ///< key, value or state bits read and written
};

/// Counts the work of attention steps from who spiked, without computing anything.
class AttentionWorkCounter {
 public:
  AttentionWorkCounter(const AttentionParameters& parameters, const AttentionShape& shape,
                       AttentionRealisation realisation);

  /// Leaky attention has no other realisation.
  bool uses_state() const { return uses_state_; }

  /// Forgets all tokens.
  void reset();

  /// As after `tokens` tokens of a context, with `value_spikes` of value in them, per step.
  void resume(std::uint32_t tokens, std::span<const std::int64_t> value_spikes);

  /// Step `step` of the next token (steps of a token come in order 0 .. T-1); spike lists as in
  /// SpikingAttention.
  AttentionWork step(std::uint32_t step, std::span<const std::uint32_t> query,
                     std::span<const std::uint32_t> key, std::span<const std::uint32_t> value);

 private:
  AttentionWork count_score(std::uint32_t step, std::span<const std::uint32_t> value);
  AttentionWork count_state(std::span<const std::uint32_t> query,
                            std::span<const std::uint32_t> key,
                            std::span<const std::uint32_t> value);

  AttentionShape shape_;
  bool is_leaky_;
  bool uses_state_;
  std::int64_t state_bits_;
  std::vector<std::int64_t> tokens_;               ///< per step: whose keys are stored
  std::vector<std::int64_t> stored_value_spikes_;  ///< per step
  std::vector<std::int64_t> keys_of_head_;         ///< of the step being counted
};

}  // namespace synfire
