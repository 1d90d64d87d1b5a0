// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "models/training/folding.hpp"

namespace synfire::training {

/// Largest integer of an 8-bit activation.
inline constexpr double largest_activation = 127.0;
/// Fractional bits of what softmax attention sends, beyond those of its values.
inline constexpr int softmax_fraction_bits = 4;

/// 8-bit activations of a stream in units of 2^-f: channel c counts in steps of magnitude[c] / 127.
struct RoundedStream {
  ActivationParameters activation;
  std::vector<double> step;  ///< of a channel
};
RoundedStream round_stream(std::span<const float> magnitude);

/// The same with one step for all channels, as softmax needs of queries, keys and values.
RoundedStream round_evenly(std::size_t width, double magnitude);

/// GELU behind a dense layer of rounded activations: a table of 1024 places between `least` and
/// `greatest`, the pre-activations that occur (below -6 GELU is 0 to 8 bits), sending 8 bits.
///
/// Source  GELU by tanh: Hendrycks and Gimpel 2016, as SpikeDecoder uses it.
struct GeluLayer {
  DenseLayerParameters layer;
  double step = 1.0;  ///< of what is sent
};
GeluLayer fold_into_gelu(const RealLayer& layer, double least, double greatest);

/// A layer without normalization whose inputs are payloads, into the residual stream.
ResidualLayerParameters fold_payloads_into_residual(const RealLayer& layer);

/// Weights and LayerNorm of a dense layer; `layer.shift` is the linear bias, before the norm.
/// Inputs are at most `largest_input` (1: spikes). What comes out is in units of 2^-f.
///
/// Throws  ConfigError if sums are too large for the squares of LayerNorm.
struct NormedWeights {
  std::vector<std::int8_t> weights;
  NormalizationParameters normalization;
};
NormedWeights normalize_by_layer(const RealLayer& layer, std::span<const float> gain,
                                 std::span<const float> offset, double epsilon,
                                 double largest_input);

/// Integer exponentials of scores q . k of which 1 stands for `unit`.
SoftmaxParameters softmax_of(double unit);

}  // namespace synfire::training
