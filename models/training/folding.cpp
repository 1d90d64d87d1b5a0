// SPDX-License-Identifier: Apache-2.0
#include "models/training/folding.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "sim/error.hpp"

namespace synfire::training {
namespace {

constexpr double kLargestWeight = 127.0;
constexpr double kSmallestGain = 0x1p-8;
constexpr std::int32_t kNever = std::numeric_limits<std::int32_t>::max();
constexpr int kMultiplierBits = 15;

double largest_magnitude(std::span<const float> values) {
  double largest = 0.0;
  for (const float v : values) largest = std::max(largest, std::abs(static_cast<double>(v)));
  return largest;
}

std::int8_t round_weight(double value) {
  return static_cast<std::int8_t>(
      std::clamp(std::nearbyint(value), -kLargestWeight, kLargestWeight));
}

std::int32_t to_int32(double value, const char* what) {
  if (!(std::abs(value) < 0x1p31)) {
    throw ConfigError("export", std::string(what) +
                                    " does not fit 32 bits; train longer or with "
                                    "more weight decay");
  }
  return static_cast<std::int32_t>(value);
}

/// Throws if all spikes at once, the bias and a membrane could leave 32 bits in some channel.
void check_currents(const std::vector<std::int8_t>& weights,
                    const std::vector<std::int32_t>& bias) {
  const std::size_t out = bias.size();
  std::vector<std::int64_t> bound(out);
  for (std::size_t c = 0; c < out; ++c) bound[c] = std::abs(static_cast<std::int64_t>(bias[c]));
  for (std::size_t i = 0; i < weights.size(); ++i) bound[i % out] += std::abs(int{weights[i]});
  for (const std::int64_t b : bound) to_int32(2.0 * static_cast<double>(b), "a current");
}

std::vector<std::int32_t> rounded_bias(const RealLayer& layer, const std::vector<double>& scale,
                                       double extra) {
  std::vector<std::int32_t> bias;
  for (std::size_t c = 0; c < scale.size(); ++c) {
    bias.push_back(to_int32(std::nearbyint(layer.shift[c] / scale[c] + extra), "a bias"));
  }
  return bias;
}

/// y in units of 2^-f = (current * multiplier + bias) >> shift.
NormalizationParameters normalization(const RealLayer& layer, const std::vector<double>& scale) {
  const double unit = std::exp2(residual_fraction_bits);
  std::vector<double> factor;
  std::vector<double> offset;
  for (std::size_t c = 0; c < scale.size(); ++c) {
    factor.push_back(scale[c] * unit);
    offset.push_back(layer.shift[c] * unit);
  }
  return scaled(factor, offset);
}

}  // namespace

NormalizationParameters scaled(std::span<const double> factor, std::span<const double> offset) {
  NormalizationParameters norm;
  for (std::size_t c = 0; c < factor.size(); ++c) {
    int exponent = 0;
    std::frexp(factor[c], &exponent);
    int shift = std::clamp(kMultiplierBits - exponent, 0, 30);
    while (shift > 0 && std::abs(std::ldexp(offset[c], shift)) >= 0x1p30) --shift;
    norm.shift.push_back(static_cast<std::int8_t>(shift));
    norm.multiplier.push_back(
        to_int32(std::nearbyint(std::ldexp(factor[c], shift)), "a multiplier"));
    const double half = shift > 0 ? std::ldexp(0.5, shift) : 0.0;
    norm.bias.push_back(to_int32(std::nearbyint(std::ldexp(offset[c], shift) + half), "a bias"));
  }
  return norm;
}

IntegerWeights round_weights(const RealLayer& layer, bool power_of_two, ScaleRange range) {
  const std::size_t in = layer.in();
  const std::size_t out = layer.out();
  IntegerWeights rounded{std::vector<std::int8_t>(layer.weight.size()), std::vector<double>(out)};
  for (std::size_t c = 0; c < out; ++c) {
    const std::span<const float> row = layer.weight.subspan(c * in, in);
    double scale =
        std::clamp(largest_magnitude(row) / kLargestWeight, range.smallest, range.largest);
    if (power_of_two) scale = std::exp2(std::ceil(std::log2(scale)));
    rounded.scale[c] = scale;
    for (std::size_t i = 0; i < in; ++i) {
      rounded.weights[i * out + c] = round_weight(row[i] / scale);
    }
  }
  return rounded;
}

SpikingLayerParameters fold_into_lif(const RealLayer& layer) {
  constexpr double lost_by_halving = 0.5;  // of the current: 1/4 of the potential, on average
  IntegerWeights rounded = round_weights(layer, false, folded_scale);
  SpikingLayerParameters out;
  for (const double scale : rounded.scale) {
    out.lif.threshold.push_back(static_cast<std::int32_t>(std::ceil(1.0 / scale)));
  }
  out.lif.bias = rounded_bias(layer, rounded.scale, lost_by_halving);
  check_currents(rounded.weights, out.lif.bias);
  out.weights = std::move(rounded.weights);
  return out;
}

ResidualLayerParameters fold_into_residual(const RealLayer& layer, ScaleRange range) {
  IntegerWeights rounded = round_weights(layer, true, range);
  ResidualLayerParameters out;
  for (std::size_t c = 0; c < layer.out(); ++c) {
    const int shift = -(std::ilogb(rounded.scale[c]) + residual_fraction_bits);
    const double half = shift > 0 ? std::ldexp(0.5, shift) : 0.0;
    out.shift.push_back(static_cast<std::int8_t>(shift));
    out.bias.push_back(
        to_int32(std::nearbyint(layer.shift[c] / rounded.scale[c] + half), "a bias"));
  }
  check_currents(rounded.weights, out.bias);
  out.weights = std::move(rounded.weights);
  return out;
}

SpikingLayerParameters normalize_into_lif(const RealLayer& layer) {
  IntegerWeights rounded = round_weights(layer, false);
  SpikingLayerParameters out;
  out.normalization = normalization(layer, rounded.scale);
  out.lif = stream_lif(layer.out());
  out.weights = std::move(rounded.weights);
  return out;
}

ResidualLayerParameters normalize_into_residual(const RealLayer& layer) {
  IntegerWeights rounded = round_weights(layer, true);
  ResidualLayerParameters out;
  out.normalization = normalization(layer, rounded.scale);
  out.weights = std::move(rounded.weights);
  return out;
}

LifLayerParameters stream_lif(std::size_t size, double threshold) {
  const double units = std::nearbyint(std::ldexp(threshold, residual_fraction_bits));
  return {std::vector<std::int32_t>(size, to_int32(units, "a threshold")), {}};
}

std::vector<std::int32_t> attention_threshold(std::span<const float> gain, int fraction_bits) {
  std::vector<std::int32_t> threshold;
  for (const float g : gain) {
    const bool fires = g > kSmallestGain;
    threshold.push_back(
        fires ? to_int32(std::ceil(std::ldexp(1.0, fraction_bits) / g), "a threshold") : kNever);
  }
  return threshold;
}

IntegerReadout round_readout(std::span<const float> weight, std::span<const float> bias,
                             double unit) {
  IntegerReadout out;
  const std::size_t vocabulary = bias.size();
  const std::size_t in = weight.size() / vocabulary;
  const double scale = std::max(largest_magnitude(weight) / kLargestWeight, smallest_spike_scale);
  out.logit_scale = scale * unit;
  out.weights.resize(weight.size());
  for (std::size_t v = 0; v < vocabulary; ++v) {
    for (std::size_t i = 0; i < in; ++i) {
      out.weights[i * vocabulary + v] = round_weight(weight[v * in + i] / scale);
    }
    out.bias.push_back(to_int32(std::nearbyint(bias[v] / out.logit_scale), "a bias"));
  }
  check_currents(out.weights, out.bias);
  return out;
}

}  // namespace synfire::training
