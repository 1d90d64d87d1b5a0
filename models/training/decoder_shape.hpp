// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/spikedecoder/architecture.hpp"

namespace synfire::training {

/// What becomes of (Q K^T) V. `leaky` forgets by a power of two per token (ours).
enum class Attention : std::uint8_t { leaky, published, none };

enum class Norm : std::uint8_t { batch, power, layer };

/// How a token becomes bits. `ngram` is ours: one-hot spikes of the last tokens, through a learned
/// table; the others are SpikeDecoder's, whose bits are the residual stream itself.
enum class TokenCode : std::uint8_t {
  ngram,
  one_hot,  ///< token and position together: V * S bits
  two_hot,  ///< one bit of V
  binary,   ///< ceil(log2 V) bits
  learned,  ///< a table whose signs are the bits
};

enum class PositionCode : std::uint8_t {
  none,
  linear,      ///< one bit of S
  binary,      ///< ceil(log2 S) bits
  sinusoidal,  ///< signs of the sinusoids; the paper calls it static
  learned,
};

/// How the head makes one vector of T time steps.
enum class HeadForm : std::uint8_t { average, accumulate, concatenate, final };

enum class Precision : std::uint8_t { bfloat16, float32 };

/// Whether this processor multiplies bfloat16 matrices in hardware (then several times faster than
/// single precision, otherwise much slower).
inline bool has_fast_bfloat16() {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

/// Learned thresholds are used no lower.
inline constexpr double smallest_threshold = 0x1p-6;

/// What is trained: sizes and kinds, nothing about how.
///
/// Source  the switches are those of SpikeDecoder (arXiv 2606.12287) and its program, unless
///         marked ours.
struct DecoderShape {
  /// Parts that spike: 0 none (the artificial twin), 1 the embedding, 2 and attention, 3 and the
  /// MLP, 4 and the head.
  int spike_degree = 4;
  Attention attention = Attention::leaky;
  bool learned_attention_gain = true;  ///< per channel (ours); false: the paper's 0.125
  Norm norm = Norm::batch;
  bool linear_bias = false;        ///< of layers in front of a norm; only LayerNorm can use it
  bool learned_threshold = false;  ///< one per population, 1 at first
  /// That of the first LIF, on the embedding, at first. A stream of bits brings a membrane to
  /// 1 - 2^-T at most, and a population that never fires learns no threshold.
  double input_threshold = 1.0;
  TokenCode token_code = TokenCode::ngram;
  PositionCode position_code = PositionCode::none;
  bool sums_positions = false;       ///< codes added, then made bits, not side by side
  bool padded_right = false;         ///< binary codes as published: not injective
  std::int64_t token_width = 50;     ///< bits of a learned token code
  std::int64_t position_width = 30;  ///< bits of a sinusoidal or learned position code
  ResidualForm residual = ResidualForm::real;
  HeadForm head = HeadForm::concatenate;
  std::int64_t vocabulary = 29;
  std::int64_t context = 256;  ///< S, tokens in a window
  std::int64_t steps = 4;      ///< T, time steps per token
  std::int64_t groups = 4;     ///< tokens that `ngram` sees: this one and those before it
  std::int64_t width = 192;   ///< E, channels of the residual stream; codes other than ngram set it
  std::int64_t hidden = 768;  ///< neurons of block{b}.mlp.hidden
  std::int64_t blocks = 3;
  std::vector<int> decay_shift = {1, 2, 3, 4, 5, 6};  ///< per head; its length is the head count

  bool is_artificial() const { return spike_degree <= 1; }
  std::int64_t heads() const { return static_cast<std::int64_t>(decay_shift.size()); }
  std::int64_t head_dimension() const { return width / heads(); }
};

/// Bits of the token and of the position code, and of both as they are put together: what `width`
/// must be unless the token code is `ngram` (then 0).
struct CodeWidths {
  std::int64_t token = 0;
  std::int64_t position = 0;
  std::int64_t stream = 0;
};
CodeWidths code_widths(const DecoderShape& shape);

/// Throws  ConfigError naming the option for sizes without a kernel and for switches that exclude
///         each other.
void check(const DecoderShape& shape);

}  // namespace synfire::training
