// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "neurons/residual.hpp"

namespace synfire {

/// Normalisation as a population of its own (`norm: population`): out = (current * multiplier +
/// bias) >> shift, with a 64-bit product. Statistics are those frozen at the end of training.
///
/// Source  BatchNorm: Ioffe and Szegedy 2015; PowerNorm: Shen et al. 2020; at inference both are
///         a scale and an offset per channel, here in fixed point.
constexpr std::int32_t normalization_output(std::int32_t current, std::int32_t multiplier,
                                            std::int32_t bias, int shift) {
  return static_cast<std::int32_t>(shift_right(std::int64_t{current} * multiplier + bias, shift));
}

}  // namespace synfire
