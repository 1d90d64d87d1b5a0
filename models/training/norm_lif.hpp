// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/training/kernel.hpp"

namespace synfire::training {

/// Activations of a population: [tokens][steps][channels], contiguous; channels a multiple of
/// `lanes`, at most `largest_step_count` steps. Ranges are of tokens.
struct ActivationShape {
  std::int64_t tokens = 0;
  std::int64_t steps = 0;
  std::int64_t channels = 0;
};

/// Inverted dropout of whole (token, channel) pairs, the same at every step; the mask is a hash of
/// seed and index, so backward needs no stored mask. probability 0 keeps everything.
struct Dropout {
  float probability = 0.0F;
  std::uint32_t seed = 0;
};

/// Sums of x and x^2 per channel over the range, added to `sum` and `square` [channels].
template <class Real>
void accumulate_moments(const ActivationShape& shape, Range range, const Real* x, double* sum,
                        double* square);

/// y = x * scale + shift (a folded normalization), plus the residual stream if there is one, then
/// a LIF over the steps.
///
/// Shapes  scale, shift: [channels] (null: 1 and 0, then x may not be null either);
///         residual, next_residual: [tokens][steps][channels] or null; spikes: 0 or 1.
template <class Real>
struct NormLifForward {
  const Real* x = nullptr;
  const float* scale = nullptr;
  const float* shift = nullptr;
  const float* residual = nullptr;
  float* next_residual = nullptr;
  Real* spikes = nullptr;
  Dropout dropout;
};
template <class Real>
void norm_lif_forward(const ActivationShape& shape, Range range, const NormLifForward<Real>& io);

/// First pass of the gradient: through the LIF (and the residual) to y.
///
/// Shapes  grad_spikes: from the consumers of the spikes; grad_next: from later users of the
///         residual stream, or null. grad_stream (residual streams): gradient of next_residual,
///         which is that of `residual` too. grad_y: gradient of y without a residual stream.
///         sum_g, sum_gx: [channels], sums of grad_y and grad_y * x, added to (unused without x).
template <class Real>
struct NormLifBackward {
  const Real* x = nullptr;
  const float* scale = nullptr;
  const float* shift = nullptr;
  const float* next_residual = nullptr;
  const Real* grad_spikes = nullptr;
  const float* grad_next = nullptr;
  float* grad_stream = nullptr;
  Real* grad_y = nullptr;
  double* sum_g = nullptr;
  double* sum_gx = nullptr;
  Dropout dropout;
};
template <class Real>
void norm_lif_backward(const ActivationShape& shape, Range range, const NormLifBackward<Real>& io);

/// Second pass: grad_x = a * grad_y + b * x + c per channel; grad_y is read from `grad_stream`
/// (dropout applied again) if that is not null, else from `grad_y`; grad_x may be grad_y.
template <class Real>
struct AffineBackward {
  const float* a = nullptr;
  const float* b = nullptr;
  const float* c = nullptr;
  const Real* x = nullptr;
  const float* grad_stream = nullptr;
  const Real* grad_y = nullptr;
  Real* grad_x = nullptr;
  Dropout dropout;
};
template <class Real>
void affine_backward(const ActivationShape& shape, Range range, const AffineBackward<Real>& io);

}  // namespace synfire::training
