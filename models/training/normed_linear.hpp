// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/ATen.h>

#include "models/training/decoder_shape.hpp"
#include "models/training/functions.hpp"
#include "models/training/initialiser.hpp"

namespace synfire::training {

/// A linear map, then a normalization with gain and bias.
struct NormedLinear {
  at::Tensor weight;       ///< [out, in]
  at::Tensor linear_bias;  ///< [out]; undefined: none
  at::Tensor gain;         ///< [out]; undefined: no normalization
  at::Tensor bias;         ///< [out]
  NormState state;         ///< BatchNorm and PowerNorm
  std::int64_t parts = 1;  ///< of the outputs, side by side; LayerNorm normalises each on its own
};

/// Gain, bias and running statistics as one scale and shift per channel; BatchNorm and PowerNorm.
struct FoldedNorm {
  at::Tensor scale;
  at::Tensor shift;
};
FoldedNorm folded_norm(const NormedLinear& layer);

/// No normalization; the linear bias is zeros, or absent.
NormedLinear fresh_linear(std::int64_t out, std::int64_t in, bool has_bias,
                          Initialiser& initialise);
/// With the normalization and the linear bias that the shape asks for.
NormedLinear fresh_layer(const DecoderShape& shape, std::int64_t out, std::int64_t in, double gain,
                         double bias, Initialiser& initialise);

/// Shapes  x [tokens, steps, in]; returns W x + linear_bias as [tokens, steps, out], multiplied in
///         `type`, with 8-bit weights if `quantised`. Takes no notice of a normalization.
at::Tensor apply_dense(const NormedLinear& layer, const at::Tensor& x, at::ScalarType type,
                       bool quantised);

}  // namespace synfire::training
