// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "models/training/calibration.hpp"

namespace synfire::training {

/// A tensor that training changes, under a unique name.
struct NamedTensor {
  std::string name;
  at::Tensor value;
  bool decays = false;  ///< weight decay applies
};

/// How a forward pass runs.
struct Pass {
  bool training = false;              ///< batch statistics and dropout
  bool warming_up = false;            ///< PowerNorm still uses the batch's quadratic mean
  bool quantised = false;             ///< running statistics folded into 8-bit weights
  std::int64_t attention_window = 0;  ///< tokens that attention sees, 0: all (not in training)
  double dropout = 0.0;
  std::uint32_t seed = 0;       ///< of the dropout masks
  bool observe = false;         ///< fill `firing`
  bool observe_scores = false;  ///< with how many attention scores are not 0, too
  Ranges* ranges = nullptr;     ///< sees dense activations, if there
};

/// Spikes of one population in an observed pass.
struct Firing {
  std::string population;
  at::Tensor mean;  ///< per neuron
};

/// A next-token model: what the trainer needs of it.
class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  /// Logits [windows, tokens, vocabulary] for tokens [windows, tokens] (int64).
  virtual at::Tensor logits(const at::Tensor& tokens, const Pass& pass) = 0;

  /// Learned by gradient.
  std::vector<NamedTensor>& parameters() { return parameters_; }
  /// Running statistics: part of the state, not learned by gradient.
  std::vector<NamedTensor>& buffers() { return buffers_; }
  /// Of the last observed pass.
  const std::vector<Firing>& firing() const { return firing_; }

 protected:
  std::vector<NamedTensor> parameters_;
  std::vector<NamedTensor> buffers_;
  std::vector<Firing> firing_;
};

}  // namespace synfire::training
