// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace synfire::training {

enum class Variant : std::uint8_t { spiking, ann };
enum class Attention : std::uint8_t { leaky, published, none };
enum class Norm : std::uint8_t { batch, power };
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

/// What is trained: sizes and kinds, nothing about how.
struct DecoderShape {
  Variant variant = Variant::spiking;
  Attention attention = Attention::leaky;
  Norm norm = Norm::batch;
  std::int64_t vocabulary = 29;
  std::int64_t context = 256;  ///< S, tokens in a window
  std::int64_t steps = 4;      ///< T, time steps per token
  std::int64_t groups = 4;     ///< tokens that the embedding sees: this one and those before it
  std::int64_t width = 192;    ///< E, channels of the residual stream
  std::int64_t hidden = 768;   ///< neurons of block{b}.mlp.hidden
  std::int64_t blocks = 3;
  std::vector<int> decay_shift = {1, 2, 3, 4, 5, 6};  ///< per head; its length is the head count

  std::int64_t heads() const { return static_cast<std::int64_t>(decay_shift.size()); }
  std::int64_t head_dimension() const { return width / heads(); }
};

}  // namespace synfire::training
