// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace synfire {

/// Arithmetic right shift; a negative shift is a left shift.
constexpr std::int64_t shift_right(std::int64_t value, int shift) {
  return shift >= 0 ? value >> shift : value * (std::int64_t{1} << -shift);
}

/// Integer residual accumulator: out = carry + ((current + bias) >> shift).
///
/// The stream has one scale per model; a block's output channel reaches it by a power-of-two shift,
/// taken once after the whole sum. Stateless: a new value every (token, step).
/// Source  Beger et al. 2026, residual variant 0 (real-valued stream). Differs: fixed point.
constexpr std::int32_t residual_output(std::int32_t carry, std::int32_t current, std::int32_t bias,
                                       int shift) {
  return static_cast<std::int32_t>(carry + shift_right(std::int64_t{current} + bias, shift));
}

}  // namespace synfire
