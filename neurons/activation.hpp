// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "neurons/residual.hpp"

namespace synfire {

constexpr std::size_t max_activation_table = std::size_t{1} << 16U;  ///< entries

/// A graded neuron that rounds its sum to few bits and looks up what it sends:
///     i = clamp((current * multiplier + bias) >> shift, -n/2, n/2 - 1);  out = table[i + n/2],
/// with a 64-bit product and a table of n = 2^b entries that all neurons of a population share.
///
/// The table is the function: GELU of a dense MLP, or -n/2 .. n/2 - 1 where activations are only
/// rounded. The clamp is part of the function, not saturation of a sum: beyond its ends the table
/// goes on flat.
/// Source  look-up of 8-bit activations: Jacob et al. 2018, arXiv 1712.05877 (integer-only
///         inference; requantisation by multiplier and shift).
constexpr std::int32_t activation_output(std::int32_t current, std::int32_t multiplier,
                                         std::int32_t bias, int shift,
                                         std::span<const std::int32_t> table) {
  const auto half = static_cast<std::int64_t>(table.size() / 2);
  const std::int64_t place = shift_right(std::int64_t{current} * multiplier + bias, shift);
  return table[static_cast<std::size_t>(std::clamp(place, -half, half - 1) + half)];
}

}  // namespace synfire
