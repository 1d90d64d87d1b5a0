// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <ATen/ATen.h>

namespace synfire::training::plain {

/// Spikes of H >= 1 whose gradient is that of sigmoid(4 (H - 1)).
inline at::Tensor spike(const at::Tensor& potential) {
  const at::Tensor soft = at::sigmoid(4.0 * (potential - 1.0));
  const at::Tensor hard = (potential >= 1.0).to(potential.scalar_type());
  return soft + (hard - soft).detach();
}

/// LIF over dimension 1, step by step; the reset is hidden from the gradient.
inline at::Tensor lif(const at::Tensor& current) {
  at::Tensor membrane = at::zeros_like(current.select(1, 0));
  std::vector<at::Tensor> spikes;
  for (std::int64_t t = 0; t < current.size(1); ++t) {
    const at::Tensor potential = 0.5 * (membrane + current.select(1, t));
    spikes.push_back(spike(potential));
    membrane = potential * (1.0 - spikes.back().detach());
  }
  return at::stack(spikes, 1);
}

/// Largest difference, relative to the largest magnitude of `expected` (or 1e-3).
inline double difference(const at::Tensor& actual, const at::Tensor& expected) {
  const double scale = std::max(expected.abs().max().item<double>(), 1e-3);
  return (actual.to(at::kDouble) - expected.to(at::kDouble)).abs().max().item<double>() / scale;
}

/// A leaf with a gradient to come.
inline at::Tensor leaf(const at::Tensor& values) {
  return values.detach().clone().set_requires_grad(true);
}

}  // namespace synfire::training::plain
