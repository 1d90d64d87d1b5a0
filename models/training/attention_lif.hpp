// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/training/kernel.hpp"

namespace synfire::training {

/// Shapes  queries, keys and values lie side by side: [windows][tokens][steps][3 * channels];
///         everything else is [windows][tokens][steps][channels]; channels = heads *
///         head_dimension.
struct AttentionShape {
  std::int64_t windows = 0;
  std::int64_t tokens = 0;
  std::int64_t steps = 0;
  std::int64_t heads = 0;
  std::int64_t head_dimension = 0;
  std::vector<float> decay;  ///< per head, weight of a token per token of age; 1: published form
  std::int64_t window = 0;   ///< tokens that attention sees, 0: all; the gradient needs all
  std::int64_t channels() const { return heads * head_dimension; }
};

/// Causal spiking attention without softmax, as a state that decays, and its LIF:
/// S_n = decay S_{n-1} + k_n v_n^T; sums_n = q_n S_n; LIF over the steps with X = gain * sums_n.
///
/// Shapes  gain: [channels]; range: of (window, head) pairs, window-major. Steps are independent
/// but for the LIF. Source  SpikeDecoder's zero-masked (Q K^T o tril) V with decay 1; the decay is
/// ours.
template <class Real>
struct AttentionForward {
  const Real* query_key_value = nullptr;
  const float* gain = nullptr;
  float* sums = nullptr;
  Real* spikes = nullptr;
};
template <class Real>
void attention_lif_forward(const AttentionShape& shape, Range range,
                           const AttentionForward<Real>& io);

/// grad_gain [channels] is added to; pairs of the same head must not run at the same time with one
/// grad_gain.
template <class Real>
struct AttentionBackward {
  const Real* query_key_value = nullptr;
  const float* gain = nullptr;
  const float* sums = nullptr;
  const Real* grad_spikes = nullptr;
  Real* grad_query_key_value = nullptr;
  double* grad_gain = nullptr;
};
template <class Real>
void attention_lif_backward(const AttentionShape& shape, Range range,
                            const AttentionBackward<Real>& io);

}  // namespace synfire::training
