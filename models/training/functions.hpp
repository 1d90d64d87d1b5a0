// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/ATen.h>

#include "models/training/attention_lif.hpp"
#include "models/training/norm_lif.hpp"

namespace synfire::training {

/// Which statistics normalise, and how the gradient sees them.
enum class Statistics : std::uint8_t {
  batch_moments,  ///< BatchNorm: mean and variance of the batch
  batch_power,    ///< PowerNorm, warm-up: quadratic mean of the batch
  running_power,  ///< PowerNorm: running quadratic mean, corrected gradient
  none,           ///< gain and bias are the whole scale and shift (folded)
};

/// State that a normalization keeps between steps; all [channels, rounded up to `lanes`], single
/// precision.
struct NormState {
  at::Tensor mean;        ///< running mean (BatchNorm)
  at::Tensor power;       ///< running variance (BatchNorm) or quadratic mean (PowerNorm)
  at::Tensor correction;  ///< PowerNorm's running mean of gradient times activation
  double momentum = 0.1;  ///< weight of the newest batch

  /// Of so many channels, rounded up to what kernels take.
  static NormState fresh(std::int64_t channels);
};

inline constexpr double norm_epsilon = 1e-5;

/// x W^T with W rounded to x's type. Shapes  x: [rows, in]; weight: [out, in], single precision.
at::Tensor spike_linear(const at::Tensor& x, const at::Tensor& weight);

struct NormLifResult {
  at::Tensor spikes;  ///< [tokens, steps, channels], x's type
  at::Tensor stream;  ///< the residual stream after the addition; undefined without one
};

/// Normalises x, adds it to the residual stream if there is one, and lets a LIF fire.
///
/// Shapes  x: [tokens, steps, channels]; gain, bias: [channels]; residual: as x, single precision,
///         or undefined. Updates `state`.
NormLifResult norm_lif(const at::Tensor& x, const at::Tensor& gain, const at::Tensor& bias,
                       const at::Tensor& residual, NormState& state, Statistics statistics,
                       const Dropout& dropout);

/// Spikes of a LIF that the residual stream drives, in `type`.
at::Tensor lif(const at::Tensor& stream, at::ScalarType type);

/// Attention over [windows, tokens, steps, 3 * channels] spikes and its LIF; gain: [channels].
/// Heads of 16, 32, 48 or 64 dimensions have a kernel; others are computed by matrices of scores.
at::Tensor attention_lif(const at::Tensor& query_key_value, const at::Tensor& gain,
                         const AttentionShape& shape);

}  // namespace synfire::training
