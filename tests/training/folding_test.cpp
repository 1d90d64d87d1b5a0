// SPDX-License-Identifier: Apache-2.0
#include "models/training/folding.hpp"

#include <cmath>
#include <limits>
#include <random>

#include "sim/error.hpp"
#include "tests/training/catch_beside_torch.hpp"

namespace synfire::training {
namespace {

struct Drawn {
  std::vector<float> weight;
  std::vector<float> shift;
  RealLayer view() const { return {weight, shift}; }
};

Drawn random_layer(std::size_t out, std::size_t in) {
  std::mt19937 generator(9);
  std::normal_distribution<float> normal;
  Drawn layer;
  for (std::size_t i = 0; i < out * in; ++i) layer.weight.push_back(0.3F * normal(generator));
  for (std::size_t c = 0; c < out; ++c) layer.shift.push_back(0.3F + 0.3F * normal(generator));
  return layer;
}

std::vector<int> random_spikes(std::size_t in, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<int> spikes(in);
  for (int& s : spikes) s = generator() % 5 == 0 ? 1 : 0;
  return spikes;
}

std::int64_t current(const std::vector<std::int8_t>& weights, const std::vector<int>& spikes,
                     std::size_t out, std::size_t channel) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < spikes.size(); ++i) sum += spikes[i] * weights[i * out + channel];
  return sum;
}

double real_current(const Drawn& layer, const std::vector<int>& spikes, std::size_t channel) {
  double sum = layer.shift[channel];
  for (std::size_t i = 0; i < spikes.size(); ++i) {
    sum += spikes[i] * double{layer.weight[channel * spikes.size() + i]};
  }
  return sum;
}

TEST_CASE("round_weights: the largest weight of a channel becomes 127") {
  const std::vector<float> weight = {0.5F, -1.0F, 0.25F, 0.0F};
  const std::vector<float> shift = {0.0F, 0.0F};
  const IntegerWeights rounded = round_weights({weight, shift}, false);
  CHECK(rounded.weights == std::vector<std::int8_t>{64, 127, -127, 0});  // [in][out]
  CHECK(rounded.scale[0] == Approx(1.0 / 127.0));
}

TEST_CASE("round_weights: a power of two never makes a weight too large") {
  const std::vector<float> weight = {1.0F, 127.0F / 128.0F};
  const std::vector<float> shift = {0.0F, 0.0F};
  const IntegerWeights rounded = round_weights({weight, shift}, true);
  CHECK(rounded.scale == std::vector<double>{1.0 / 64.0, 1.0 / 128.0});
  CHECK(rounded.weights == std::vector<std::int8_t>{64, 127});
}

TEST_CASE("round_weights: a dead channel has a scale all the same") {
  const std::vector<float> weight = {0.0F};
  const std::vector<float> shift = {0.25F};
  const SpikingLayerParameters lif = fold_into_lif({weight, shift});
  CHECK(lif.weights[0] == 0);
  CHECK(lif.lif.threshold[0] == 65536);
  CHECK(lif.lif.bias[0] == 16384);  // 16384.5 rounds to even
}

TEST_CASE("weights behind a population that hardly fires leave thresholds and biases exact") {
  const std::vector<float> weight = {300.0F, -0.5F};
  const std::vector<float> shift = {0.3F};
  const SpikingLayerParameters lif = fold_into_lif({weight, shift});
  CHECK(lif.lif.threshold[0] == 32);
  CHECK(lif.lif.bias[0] == 10);  // 9.6 and the half that halving loses
  CHECK(lif.weights == std::vector<std::int8_t>{127, -16});
  const ResidualLayerParameters residual = fold_into_residual({weight, shift}, folded_scale);
  CHECK(residual.shift[0] == -5);
  CHECK(residual.bias[0] == 10);
  CHECK(residual.weights == std::vector<std::int8_t>{127, -16});
}

TEST_CASE("a folded LIF fires as the real one does, but for ties") {
  constexpr std::size_t in = 64;
  constexpr std::size_t out = 48;
  const Drawn layer = random_layer(out, in);
  const SpikingLayerParameters folded = fold_into_lif(layer.view());
  int differing = 0;
  int fired = 0;
  for (std::size_t c = 0; c < out; ++c) {
    double real_membrane = 0.0;
    std::int64_t membrane = 0;
    for (unsigned t = 0; t < 40; ++t) {
      const std::vector<int> spikes = random_spikes(in, t);
      real_membrane = 0.5 * (real_membrane + real_current(layer, spikes, c));
      membrane = (membrane + current(folded.weights, spikes, out, c) + folded.lif.bias[c]) >> 1;
      const bool real_fires = real_membrane >= 1.0;
      const bool fires = membrane >= folded.lif.threshold[c];
      differing += real_fires != fires ? 1 : 0;
      fired += fires ? 1 : 0;
      if (real_fires) real_membrane = 0.0;
      if (fires) membrane = 0;
    }
  }
  CHECK(fired > 100);
  CHECK(differing < 30);  // of 1,920
}

TEST_CASE("folded and normalized layers add the real sum to the residual stream") {
  constexpr std::size_t in = 64;
  constexpr std::size_t out = 48;
  const Drawn layer = random_layer(out, in);
  const ResidualLayerParameters folded = fold_into_residual(layer.view());
  const ResidualLayerParameters normalized = normalize_into_residual(layer.view());
  const std::vector<int> spikes = random_spikes(in, 1);
  for (std::size_t c = 0; c < out; ++c) {
    const double real = real_current(layer, spikes, c) * std::exp2(residual_fraction_bits);
    const std::int64_t sum = current(folded.weights, spikes, out, c);
    const int shift = folded.shift[c];
    const std::int64_t raw = sum + folded.bias[c];
    const std::int64_t added = shift >= 0 ? raw >> shift : raw * (std::int64_t{1} << -shift);
    CHECK(static_cast<double>(added) == Approx(real).margin(150.0));  // weights rounded: 0.15
    const NormalizationParameters& norm = normalized.normalization;
    const std::int64_t y = (sum * norm.multiplier[c] + norm.bias[c]) >> norm.shift[c];
    CHECK(std::abs(y - added) <= 8);  // the folded bias is a multiple of the weights' unit
  }
}

TEST_CASE("a normalized LIF has the stream's threshold") {
  const Drawn layer = random_layer(4, 8);
  const SpikingLayerParameters normalized = normalize_into_lif(layer.view());
  CHECK(normalized.lif.threshold == std::vector<std::int32_t>(4, 1024));
  for (const std::int32_t m : normalized.normalization.multiplier) {
    CHECK(m >= 1 << 14);
    CHECK(m <= 1 << 15);
  }
}

TEST_CASE("attention_threshold: a gain that cannot fire never does") {
  const std::vector<float> gain = {1.0F, 0.75F, 0.0F, -1.0F};
  const std::int32_t never = std::numeric_limits<std::int32_t>::max();
  CHECK(attention_threshold(gain, 4) == std::vector<std::int32_t>{16, 22, never, never});
}

TEST_CASE("a bias that leaves 32 bits is refused") {
  const std::vector<float> weight = {1e-9F};
  const std::vector<float> shift = {1e6F};
  CHECK_THROWS_AS(fold_into_lif({weight, shift}), ConfigError);
}

TEST_CASE("round_readout: one scale for all logits") {
  const std::vector<float> weight = {1.0F, -0.5F, 0.25F, 0.0F, 2.0F, -2.0F};  // [2][3]
  const std::vector<float> bias = {0.0F, 1.0F};
  const IntegerReadout readout = round_readout(weight, bias);
  CHECK(readout.logit_scale == Approx(2.0 / 127.0));
  CHECK(readout.weights == std::vector<std::int8_t>{64, 0, -32, 127, 16, -127});  // [3][2]
  CHECK(readout.bias == std::vector<std::int32_t>{0, 64});
}

}  // namespace
}  // namespace synfire::training
