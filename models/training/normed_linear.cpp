// SPDX-License-Identifier: Apache-2.0
#include "models/training/normed_linear.hpp"

#include "models/training/quantisation.hpp"

namespace synfire::training {

FoldedNorm folded_norm(const NormedLinear& layer) {
  const std::int64_t out = layer.gain.size(0);
  const at::Tensor scale = layer.gain * (layer.state.power.slice(0, 0, out) + norm_epsilon).rsqrt();
  at::Tensor mean = layer.state.mean.slice(0, 0, out);
  if (layer.linear_bias.defined()) mean = mean - layer.linear_bias;
  return {scale, layer.bias - mean * scale};
}

NormedLinear fresh_linear(std::int64_t out, std::int64_t in, bool has_bias,
                          Initialiser& initialise) {
  NormedLinear layer;
  layer.weight = initialise.weight(out, in);
  if (has_bias) layer.linear_bias = at::zeros({out});
  return layer;
}

NormedLinear fresh_layer(const DecoderShape& shape, std::int64_t out, std::int64_t in, double gain,
                         double bias, Initialiser& initialise) {
  NormedLinear layer = fresh_linear(out, in, shape.linear_bias, initialise);
  layer.gain = at::full({out}, gain);
  layer.bias = at::full({out}, bias);
  if (shape.norm != Norm::layer) layer.state = NormState::fresh(out);
  return layer;
}

at::Tensor apply_dense(const NormedLinear& layer, const at::Tensor& x, at::ScalarType type,
                       bool quantised) {
  const at::Tensor weight = quantised ? fake_quantise(layer.weight, false) : layer.weight;
  const at::Tensor rows = x.to(type).flatten(0, 1).contiguous();
  return (spike_linear(rows, weight).to(at::kFloat) + layer.linear_bias)
      .view({x.size(0), x.size(1), -1});
}

}  // namespace synfire::training
