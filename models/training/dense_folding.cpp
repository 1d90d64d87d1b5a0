// SPDX-License-Identifier: Apache-2.0
#include "models/training/dense_folding.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "neurons/layer_norm.hpp"
#include "sim/error.hpp"

namespace synfire::training {
namespace {

constexpr int kActivationPlaces = 256;
constexpr int kGeluPlaces = 1024;
constexpr double kGeluIsZero = -6.0;
constexpr double kSmallestMagnitude = 0x1p-10;  // of a channel that text never drives
constexpr ScaleRange kPayloadScale{.smallest = 0x1p-30};
constexpr int kMostFractionBits = 14;     // of what LayerNorm squares
constexpr double kSquareBits = 61.0;      // of 62: bounds.cpp
constexpr double kFinestScore = 0x1p-12;  // exponentials then fit 32 bits (I-BERT's constants)

ActivationParameters rounded(std::vector<double> factor, std::vector<double> offset,
                             std::vector<std::int32_t> table) {
  NormalizationParameters scale = scaled(factor, offset);
  return {std::move(scale.multiplier), std::move(scale.bias), std::move(scale.shift),
          std::move(table)};
}

std::vector<std::int32_t> identity_table() {
  std::vector<std::int32_t> table(kActivationPlaces);
  std::iota(table.begin(), table.end(), -kActivationPlaces / 2);
  return table;
}

double gelu(double x) {
  const double inner = std::sqrt(2.0 / std::numbers::pi) * (x + 0.044715 * x * x * x);
  return 0.5 * x * (1.0 + std::tanh(inner));
}

/// The greatest |sum| that a channel of the layer can have.
double largest_sum(const RealLayer& layer, double largest_input) {
  double largest = 0.0;
  for (std::size_t c = 0; c < layer.out(); ++c) {
    double sum = std::abs(static_cast<double>(layer.shift[c]));
    for (const float w : layer.weight.subspan(c * layer.in(), layer.in())) {
      sum += largest_input * std::abs(static_cast<double>(w));
    }
    largest = std::max(largest, sum);
  }
  return largest;
}

/// Bits that leave room for N (2 z)^2 << 2 deviation_bits.
int fraction_bits(double largest, std::size_t neurons) {
  const double room = (kSquareBits - std::log2(static_cast<double>(neurons))) / 2.0 - 1.0 -
                      deviation_bits - std::log2(std::max(largest, 1.0));
  if (room < 4.0) {
    throw ConfigError("export",
                      "sums in front of a LayerNorm are too large for its squares; train "
                      "longer or with more weight decay");
  }
  return std::min(kMostFractionBits, static_cast<int>(room) - 1);  // rounded weights are larger
}

}  // namespace

RoundedStream round_stream(std::span<const float> magnitude) {
  RoundedStream out;
  std::vector<double> factor;
  for (const float m : magnitude) {
    out.step.push_back(std::max(static_cast<double>(m), kSmallestMagnitude) / largest_activation);
    factor.push_back(std::exp2(-residual_fraction_bits) / out.step.back());
  }
  out.activation =
      rounded(std::move(factor), std::vector<double>(magnitude.size(), 0.0), identity_table());
  return out;
}

RoundedStream round_evenly(std::size_t width, double magnitude) {
  return round_stream(std::vector<float>(width, static_cast<float>(magnitude)));
}

GeluLayer fold_into_gelu(const RealLayer& layer, double least, double greatest) {
  const double low = std::clamp(least, kGeluIsZero, -1.0);
  const double high = std::max(greatest, 1.0);
  const double place = (high - low) / (kGeluPlaces - 1);
  GeluLayer out;
  out.step = high / largest_activation;
  std::vector<std::int32_t> table;
  for (int i = 0; i < kGeluPlaces; ++i) {
    table.push_back(static_cast<std::int32_t>(std::nearbyint(gelu(low + i * place) / out.step)));
  }
  IntegerWeights weights = round_weights(layer, false, kPayloadScale);
  std::vector<double> factor;
  std::vector<double> offset;
  for (std::size_t c = 0; c < layer.out(); ++c) {
    factor.push_back(weights.scale[c] / place);
    offset.push_back((layer.shift[c] - low) / place - kGeluPlaces / 2);
  }
  out.layer.weights = std::move(weights.weights);
  out.layer.activation = rounded(std::move(factor), std::move(offset), std::move(table));
  return out;
}

ResidualLayerParameters fold_payloads_into_residual(const RealLayer& layer) {
  return fold_into_residual(layer, kPayloadScale);
}

NormedWeights normalize_by_layer(const RealLayer& layer, std::span<const float> gain,
                                 std::span<const float> offset, double epsilon,
                                 double largest_input) {
  const int bits = fraction_bits(largest_sum(layer, largest_input), layer.out());
  IntegerWeights weights = round_weights(layer, false, kPayloadScale);
  std::vector<double> factor;
  std::vector<double> bias;
  for (std::size_t c = 0; c < layer.out(); ++c) {
    factor.push_back(std::ldexp(weights.scale[c], bits));
    bias.push_back(std::ldexp(layer.shift[c], bits));
  }
  NormedWeights out;
  out.weights = std::move(weights.weights);
  out.normalization = scaled(factor, bias);
  for (std::size_t c = 0; c < layer.out(); ++c) {
    const double unit = std::exp2(residual_fraction_bits);
    out.normalization.gain.push_back(
        static_cast<std::int32_t>(std::nearbyint(std::ldexp(gain[c] * unit, deviation_bits))));
    out.normalization.offset.push_back(static_cast<std::int32_t>(std::nearbyint(offset[c] * unit)));
  }
  out.normalization.epsilon = std::max<std::int32_t>(
      1, static_cast<std::int32_t>(std::ldexp(epsilon, 2 * (bits + deviation_bits))));
  return out;
}

SoftmaxParameters softmax_of(double unit) {
  SoftmaxParameters softmax;
  while (unit < kFinestScore) {
    unit *= 2.0;
    ++softmax.score_shift;
  }
  constexpr double curvature = 0.3585;  // I-BERT, algorithm 2
  constexpr double vertex = 1.353;
  constexpr double floor = 0.344;
  softmax.ln2 = std::max(1, static_cast<std::int32_t>(std::numbers::ln2 / unit));
  softmax.b = std::max(softmax.ln2, static_cast<std::int32_t>(vertex / unit));
  softmax.c = std::max(1, static_cast<std::int32_t>(floor / (curvature * unit * unit)));
  return softmax;
}

}  // namespace synfire::training
