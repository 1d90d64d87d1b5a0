// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <ATen/ATen.h>

#include "models/training/decoder_shape.hpp"
#include "models/training/initialiser.hpp"
#include "models/training/language_model.hpp"

namespace synfire::training {

/// sin on even channels, cos on odd ones, of position / 10000^(channel / width). [length, width]
///
/// Source  SpikeDecoder's program, which takes the channel itself, not half of it.
at::Tensor sinusoids(std::int64_t length, std::int64_t width);

/// Fixed codes, 0 or 1, [values, bits]. `padded_right`: significant bits first, then zeros, as the
/// paper's program does; several values then share a code.
at::Tensor binary_code(std::int64_t values, bool padded_right);

/// 1 where x >= 0; the gradient is that of arctangent, alpha / 2 / (1 + (pi / 2 alpha x)^2).
///
/// Source  SpikeDecoder: stateless Heaviside with the surrogate ATan(alpha = 2).
at::Tensor heaviside(const at::Tensor& x);

/// Tokens to what starts the residual stream at every time step.
class TokenEmbedding {
 public:
  TokenEmbedding(const DecoderShape& shape, Initialiser& initialise);

  /// Shapes  tokens: [windows, length] (int64); result: [windows, length, width], 0 or 1 but for
  ///         `ngram`. `quantised`: the table of `ngram` in 8 bits.
  at::Tensor forward(const at::Tensor& tokens, bool quantised) const;

  /// The bits of every token and position, 0 or 1, where they are independent of each other:
  /// [vocabulary, width] and [context, position width] (undefined without positions).
  at::Tensor token_bits() const;
  at::Tensor position_bits() const;

  /// The same where they depend on both: [vocabulary * context, width], a row a token and position.
  at::Tensor joint_bits() const;

  void add_parameters(std::vector<NamedTensor>& parameters) const;
  const at::Tensor& weight() const { return weight_; }  ///< ngram: [groups * vocabulary, width]
  const at::Tensor& bias() const { return bias_; }      ///< ngram that spikes: [width]

 private:
  at::Tensor ngram(const at::Tensor& tokens, bool quantised) const;

  DecoderShape shape_;
  at::Tensor weight_;           ///< learned or fixed, a row a token; ngram: a row a token and group
  at::Tensor bias_;             ///< ngram of spike degree 1 and more
  at::Tensor position_weight_;  ///< learned or fixed, a row a position; undefined without
};

}  // namespace synfire::training
