// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/ATen.h>

namespace synfire::training {

inline constexpr double largest_weight = 127.0;
inline constexpr double smallest_weight_scale = 0x1p-16;

/// The smallest scale that maps |w| to at most 127, or the power of two above it.
inline at::Tensor weight_scale(const at::Tensor& magnitude, bool power_of_two) {
  const at::Tensor scale = (magnitude / largest_weight).clamp_min(smallest_weight_scale);
  return power_of_two ? at::exp2(at::ceil(at::log2(scale))) : scale;
}

/// Weights as 8-bit integers times a scale per row (output channel); the gradient passes unchanged.
///
/// Shapes  weight: [out, in]; rows of a residual target have a power of two as their scale.
inline at::Tensor fake_quantise(const at::Tensor& weight, bool power_of_two) {
  const at::Tensor fixed = weight.detach();
  const at::Tensor scale = weight_scale(fixed.abs().amax(1, true), power_of_two);
  const at::Tensor rounded = at::round(fixed / scale) * scale;
  return weight + (rounded - fixed);
}

}  // namespace synfire::training
