// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "models/spikedecoder/parameters.hpp"

namespace synfire::training {

/// A dense layer followed by a scale and shift per output channel, in real numbers: what is left of
/// a normalization once its statistics are fixed.
///
/// Shapes  weight: [out][in], already times the scale; shift: [out].
struct RealLayer {
  std::span<const float> weight;
  std::span<const float> shift;
  std::size_t in() const { return weight.size() / shift.size(); }
  std::size_t out() const { return shift.size(); }
};

/// Fractional bits of the residual stream: an integer step is 2^-f of a real unit.
inline constexpr int residual_fraction_bits = 10;
/// Fractional bits of leaky attention's state.
inline constexpr int attention_fraction_bits = 16;

/// Integer weights [in][out] and the scale per output channel: weight ~= scale * integer.
struct IntegerWeights {
  std::vector<std::int8_t> weights;
  std::vector<double> scale;
};

/// Least scale of weights that spikes drive, so that thresholds stay small.
inline constexpr double smallest_spike_scale = 0x1p-16;

/// What scales may be.
struct ScaleRange {
  double smallest = smallest_spike_scale;
  double largest = std::numeric_limits<double>::infinity();
};

/// Of normalized weights whose unit thresholds and biases share: these must stay exact enough.
/// Behind a population that hardly ever fires a normalization divides by next to nothing; such
/// weights are cut at four thresholds.
inline constexpr ScaleRange folded_scale{.largest = 0x1p-5};

/// Rounds to |integer| <= 127 with the smallest scale per channel that allows it, or the power of
/// two above, within `range`; what is larger is cut.
IntegerWeights round_weights(const RealLayer& layer, bool power_of_two, ScaleRange range = {});

/// factor[c] * x + offset[c] to the nearest integer, as multipliers of 15 bits, biases and shifts.
///
/// Throws  ConfigError if one leaves 32 bits.
NormalizationParameters scaled(std::span<const double> factor, std::span<const double> offset);

/// Layer into a LIF of threshold 1: threshold = ceil(1 / scale), bias = shift / scale, rounded,
/// plus the half that the neuron's `>> 1` loses on average.
///
/// Throws  ConfigError if a current could leave 32 bits.
SpikingLayerParameters fold_into_lif(const RealLayer& layer);

/// Layer into the residual stream: scale = 2^e per channel, out += (W s + bias) >> -(e + f).
///
/// Throws  ConfigError if a current could leave 32 bits.
ResidualLayerParameters fold_into_residual(const RealLayer& layer, ScaleRange range = {});

/// The same integer weights with the rest as a normalization population:
/// y = (W s * multiplier + bias) >> shift, in units of 2^-f.
SpikingLayerParameters normalize_into_lif(const RealLayer& layer);
ResidualLayerParameters normalize_into_residual(const RealLayer& layer);

/// A LIF on the residual stream: threshold 2^f times the real one, rounded.
LifLayerParameters stream_lif(std::size_t size, double threshold = 1.0);

/// ceil(2^F / gain) per channel; a channel whose gain is not above 2^-8 never fires.
std::vector<std::int32_t> attention_threshold(std::span<const float> gain, int fraction_bits);

/// Readout weights [steps][width][vocabulary], biases in their unit and that unit.
struct IntegerReadout {
  std::vector<std::int8_t> weights;
  std::vector<std::int32_t> bias;
  double logit_scale = 1.0;
};
/// Shapes  weight: [vocabulary][steps * width]; bias: [vocabulary]. Units  `unit`: what 1 that the
/// head receives stands for, a spike or a step of the stream.
IntegerReadout round_readout(std::span<const float> weight, std::span<const float> bias,
                             double unit = 1.0);

}  // namespace synfire::training
