// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/training/language_model.hpp"
#include "models/training/settings.hpp"

namespace synfire::training {

/// AdamW (Loshchilov and Hutter, Decoupled weight decay regularization) with gradient clipping.
class Optimiser {
 public:
  Optimiser(std::vector<NamedTensor>& parameters, const OptimiserSettings& settings);
  /// One update from the parameters' gradients, which are then dropped. `step` counts from 1.
  void update(double learning_rate, std::int64_t step);
  /// The moments, in the parameters' order: part of a checkpoint.
  std::vector<NamedTensor>& moments() { return moments_; }

 private:
  std::vector<NamedTensor>* parameters_;
  OptimiserSettings settings_;
  std::vector<NamedTensor> moments_;  // first, second, first, second, ...
};

}  // namespace synfire::training
