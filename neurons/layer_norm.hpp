// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "neurons/network.hpp"

namespace synfire {

/// floor(sqrt(n)) by Newton's iteration in integers.
///
/// Source  Kim et al. 2021, I-BERT, arXiv 2101.01321, algorithm 4.
std::uint64_t integer_square_root(std::uint64_t n);

/// Fractional bits of the standard deviation in the quotient of layer_norm.
inline constexpr int deviation_bits = 6;

/// LayerNorm over all N neurons of a population in one time step, in integers:
///     z_i = (current_i * multiplier_i + bias_i) >> shift_i          one unit for all channels
///     d_i = z_i - floor(sum z / N)
///     s   = floor(sqrt(floor((sum d^2 << 2 k) / N) + epsilon)),     k = deviation_bits
///     out_i = floor(d_i * gain_i / s) + offset_i
///
/// Units   epsilon: that of d^2 << 2 k, at least 1, so that s is never 0; gain: of out times 2^-k.
/// Shapes  current, out: one per neuron of the whole population, which lies on one neurocore.
/// Exact   in 64 bits; bounds.hpp proves that nothing leaves them, and |d_i| << k <= 2 s sqrt(N).
/// Source  LayerNorm: Ba et al. 2016; integer-only form: Kim et al. 2021, I-BERT, section 3.6.
void layer_norm(const Population& population, std::span<const std::int32_t> current,
                std::span<std::int32_t> out);

}  // namespace synfire
