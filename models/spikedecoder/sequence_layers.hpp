// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/network.hpp"

namespace synfire {

/// Integers for every token n, time step t and neuron i of a sequence; spikes are 0 or 1.
class SequenceTensor {
 public:
  SequenceTensor() = default;
  SequenceTensor(std::size_t tokens, std::size_t steps, std::size_t neurons);

  std::size_t tokens() const { return tokens_; }
  std::size_t steps() const { return steps_; }
  std::size_t neurons() const { return neurons_; }
  std::int64_t& operator()(std::size_t n, std::size_t t, std::size_t i) {
    return values_[(n * steps_ + t) * neurons_ + i];
  }
  std::int64_t operator()(std::size_t n, std::size_t t, std::size_t i) const {
    return values_[(n * steps_ + t) * neurons_ + i];
  }
  bool operator==(const SequenceTensor&) const = default;

 private:
  std::size_t tokens_ = 0;
  std::size_t steps_ = 0;
  std::size_t neurons_ = 0;
  std::vector<std::int64_t> values_;
};

/// The equations of a spiking decoder over whole sequences, as naive loops in 64-bit integers.
/// Spans hold one value per neuron of the result; weights are [source][target].
namespace sequence {

/// X[n][t][o] = sum_i weights[i][o] * s[n][t][i].
SequenceTensor dense(const SequenceTensor& s, std::span<const std::int8_t> weights,
                     std::size_t targets);

/// Y = floor((X * multiplier + bias) / 2^shift).
SequenceTensor normalize(const SequenceTensor& x, std::span<const std::int32_t> multiplier,
                         std::span<const std::int32_t> bias, std::span<const std::int8_t> shift);

/// z = floor((X * multiplier + bias) / 2^shift), m = floor(mean z), d = z - m;
/// Y = floor(d * gain / floor(sqrt(floor(4096 sum d^2 / N) + epsilon))) + offset, over the N
/// neurons of a token and step.
SequenceTensor layer_norm(const SequenceTensor& x, std::span<const std::int32_t> multiplier,
                          std::span<const std::int32_t> bias, std::span<const std::int8_t> shift,
                          std::span<const std::int32_t> gain, std::span<const std::int32_t> offset,
                          std::int32_t epsilon);

/// Y = table[n/2 + i], i = floor((X * multiplier + bias) / 2^shift) within -n/2 .. n/2 - 1.
SequenceTensor look_up(const SequenceTensor& x, std::span<const std::int32_t> multiplier,
                       std::span<const std::int32_t> bias, std::span<const std::int8_t> shift,
                       std::span<const std::int32_t> table);

/// V = 0 before each token; H = floor((V + X + bias) / 2); spike where H >= threshold (or
/// H > threshold); V = 0 after a spike, else H. An empty bias is zero.
SequenceTensor lif(const SequenceTensor& x, std::span<const std::int32_t> bias,
                   std::span<const std::int32_t> threshold, bool fires_at_threshold);

/// R' = R + floor((X + bias) / 2^shift). Empty bias or shift are zero; shift may be negative.
SequenceTensor residual(const SequenceTensor& r, const SequenceTensor& x,
                        std::span<const std::int32_t> bias, std::span<const std::int8_t> shift);

/// Per step and head, over tokens: Y = ((Q K^T) o tril) V.
SequenceTensor published_attention(const SequenceTensor& q, const SequenceTensor& k,
                                   const SequenceTensor& v, std::size_t heads);

/// Per step and head: S[-1] = 0; S[n] = S[n-1] - floor(S[n-1] / 2^decay_shift) +
/// 2^fraction_bits * k[n] v[n]^T; Y[n] = q[n] S[n]. One decay_shift per head.
SequenceTensor leaky_attention(const SequenceTensor& q, const SequenceTensor& k,
                               const SequenceTensor& v, std::span<const std::uint8_t> decay_shift,
                               unsigned fraction_bits);

/// Per step and head, over tokens: A[n][m] = floor(q[n] k[m] / 2^score_shift), m <= n;
/// P[n][m] = e(A[n][m] - max A[n]); Y[n] = floor(2^fraction_bits sum P[n][m] v[m] / sum P[n][m]);
/// e(x) = floor(((x mod ln2) + b)^2 + c) / 2^(x div ln2)), x div ln2 rounded towards 0.
SequenceTensor softmax_attention(const SequenceTensor& q, const SequenceTensor& k,
                                 const SequenceTensor& v, std::size_t heads,
                                 const SoftmaxParameters& softmax, unsigned fraction_bits);

/// logits[n][o] = bias[o] + sum_t sum_i weights[t][i][o] * s[n][t][i]; bias has one value a logit.
std::vector<std::vector<std::int64_t>> readout(const SequenceTensor& s,
                                               std::span<const std::int8_t> weights,
                                               std::span<const std::int32_t> bias);

}  // namespace sequence
}  // namespace synfire
