// SPDX-License-Identifier: Apache-2.0
#include "models/spikedecoder/sequence_layers.hpp"

#include <algorithm>

namespace synfire {
namespace {

/// floor(value / 2^shift); `>>` of a negative integer rounds down.
std::int64_t floor_shift(std::int64_t value, int shift) {
  return shift >= 0 ? value >> shift : value * (std::int64_t{1} << -shift);
}

/// The divisor is above 0.
std::int64_t floor_quotient(std::int64_t value, std::int64_t divisor) {
  return value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);
}

/// By bisection: root^2 <= value < (root + 1)^2.
std::int64_t floor_root(std::int64_t value) {
  std::int64_t root = 0;
  for (std::int64_t bit = std::int64_t{1} << 31; bit > 0; bit >>= 1) {
    if ((root + bit) <= value / (root + bit)) root += bit;
  }
  return root;
}

template <typename Value>
std::int64_t value_or_zero(std::span<const Value> values, std::size_t i) {
  return values.empty() ? 0 : values[i];
}

/// sum_i weights[i][o] * s[n][t][i], weights being [neurons][targets].
std::int64_t weighted_sum(const SequenceTensor& s, std::size_t n, std::size_t t,
                          std::span<const std::int8_t> weights, std::size_t o) {
  const std::size_t targets = weights.size() / s.neurons();
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < s.neurons(); ++i) sum += weights[i * targets + o] * s(n, t, i);
  return sum;
}

/// One head of one time step: reads and writes [token][dimension] of a tensor.
struct HeadView {
  std::size_t t;
  std::size_t first;  // neuron of dimension 0
  std::size_t dimensions;
};

using Row = std::vector<std::int64_t>;
using Matrix = std::vector<Row>;

/// A[n][m] = q[n] . k[m] for m <= n, 0 for later tokens.
Matrix masked_scores(const SequenceTensor& q, const SequenceTensor& k, const HeadView& head) {
  Matrix a(q.tokens(), Row(q.tokens(), 0));
  for (std::size_t n = 0; n < q.tokens(); ++n) {
    for (std::size_t m = 0; m <= n; ++m) {
      for (std::size_t i = head.first; i < head.first + head.dimensions; ++i) {
        a[n][m] += q(n, head.t, i) * k(m, head.t, i);
      }
    }
  }
  return a;
}

void multiply_scores(const Matrix& a, const SequenceTensor& v, const HeadView& head,
                     SequenceTensor& y) {
  for (std::size_t n = 0; n < v.tokens(); ++n) {
    for (std::size_t m = 0; m < v.tokens(); ++m) {
      for (std::size_t j = head.first; j < head.first + head.dimensions; ++j) {
        y(n, head.t, j) += a[n][m] * v(m, head.t, j);
      }
    }
  }
}

/// What a head forgets at each token, and what a count of one is in fixed point.
struct Leak {
  int decay_shift;
  std::int64_t one;
};

void recur(const SequenceTensor& q, const SequenceTensor& k, const SequenceTensor& v,
           const HeadView& head, const Leak& leak, SequenceTensor& y) {
  Matrix s(head.dimensions, Row(head.dimensions, 0));
  for (std::size_t n = 0; n < q.tokens(); ++n) {
    for (std::size_t i = 0; i < head.dimensions; ++i) {
      for (std::size_t j = 0; j < head.dimensions; ++j) {
        const std::int64_t outer = k(n, head.t, head.first + i) * v(n, head.t, head.first + j);
        s[i][j] = s[i][j] - (s[i][j] >> leak.decay_shift) + leak.one * outer;
        y(n, head.t, head.first + j) += q(n, head.t, head.first + i) * s[i][j];
      }
    }
  }
}

/// Rows of scores to weights of softmax, whose sums are returned; later tokens have none.
Row exponentials(Matrix& scores, const SoftmaxParameters& softmax) {
  Row totals;
  for (std::size_t n = 0; n < scores.size(); ++n) {
    Row& row = scores[n];
    for (std::size_t m = 0; m <= n; ++m) row[m] = floor_shift(row[m], softmax.score_shift);
    const std::int64_t largest =
        *std::max_element(row.begin(), row.begin() + std::ptrdiff_t(n) + 1);
    std::int64_t total = 0;
    for (std::size_t m = 0; m <= n; ++m) {
      const std::int64_t below = largest - row[m];
      const std::int64_t p = softmax.b - below % softmax.ln2;
      const std::int64_t halvings = below / softmax.ln2;
      row[m] = halvings > 62 ? 0 : floor_shift(p * p + softmax.c, static_cast<int>(halvings));
      total += row[m];
    }
    totals.push_back(total);
  }
  return totals;
}

}  // namespace

SequenceTensor::SequenceTensor(std::size_t tokens, std::size_t steps, std::size_t neurons)
    : tokens_(tokens), steps_(steps), neurons_(neurons), values_(tokens * steps * neurons, 0) {}

namespace sequence {

SequenceTensor dense(const SequenceTensor& s, std::span<const std::int8_t> weights,
                     std::size_t targets) {
  SequenceTensor x(s.tokens(), s.steps(), targets);
  for (std::size_t n = 0; n < s.tokens(); ++n) {
    for (std::size_t t = 0; t < s.steps(); ++t) {
      for (std::size_t o = 0; o < targets; ++o) x(n, t, o) = weighted_sum(s, n, t, weights, o);
    }
  }
  return x;
}

SequenceTensor normalize(const SequenceTensor& x, std::span<const std::int32_t> multiplier,
                         std::span<const std::int32_t> bias, std::span<const std::int8_t> shift) {
  SequenceTensor y(x.tokens(), x.steps(), x.neurons());
  for (std::size_t n = 0; n < x.tokens(); ++n) {
    for (std::size_t t = 0; t < x.steps(); ++t) {
      for (std::size_t i = 0; i < x.neurons(); ++i) {
        y(n, t, i) = floor_shift(x(n, t, i) * multiplier[i] + bias[i], shift[i]);
      }
    }
  }
  return y;
}

SequenceTensor layer_norm(const SequenceTensor& x, std::span<const std::int32_t> multiplier,
                          std::span<const std::int32_t> bias, std::span<const std::int8_t> shift,
                          std::span<const std::int32_t> gain, std::span<const std::int32_t> offset,
                          std::int32_t epsilon) {
  const auto neurons = static_cast<std::int64_t>(x.neurons());
  SequenceTensor y = normalize(x, multiplier, bias, shift);
  for (std::size_t n = 0; n < x.tokens(); ++n) {
    for (std::size_t t = 0; t < x.steps(); ++t) {
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < x.neurons(); ++i) sum += y(n, t, i);
      const std::int64_t mean = floor_quotient(sum, neurons);
      std::int64_t squares = 0;
      for (std::size_t i = 0; i < x.neurons(); ++i) {
        y(n, t, i) -= mean;
        squares += y(n, t, i) * y(n, t, i);
      }
      const std::int64_t deviation = floor_root(4096 * squares / neurons + epsilon);
      for (std::size_t i = 0; i < x.neurons(); ++i) {
        y(n, t, i) = floor_quotient(y(n, t, i) * gain[i], deviation) + offset[i];
      }
    }
  }
  return y;
}

SequenceTensor look_up(const SequenceTensor& x, std::span<const std::int32_t> multiplier,
                       std::span<const std::int32_t> bias, std::span<const std::int8_t> shift,
                       std::span<const std::int32_t> table) {
  const auto last = static_cast<std::int64_t>(table.size()) - 1;
  SequenceTensor y = normalize(x, multiplier, bias, shift);
  for (std::size_t n = 0; n < x.tokens(); ++n) {
    for (std::size_t t = 0; t < x.steps(); ++t) {
      for (std::size_t i = 0; i < x.neurons(); ++i) {
        const std::int64_t place = y(n, t, i) + (last + 1) / 2;
        y(n, t, i) =
            table[static_cast<std::size_t>(std::max<std::int64_t>(0, std::min(place, last)))];
      }
    }
  }
  return y;
}

SequenceTensor lif(const SequenceTensor& x, std::span<const std::int32_t> bias,
                   std::span<const std::int32_t> threshold, bool fires_at_threshold) {
  SequenceTensor s(x.tokens(), x.steps(), x.neurons());
  for (std::size_t n = 0; n < x.tokens(); ++n) {
    for (std::size_t i = 0; i < x.neurons(); ++i) {
      std::int64_t v = 0;
      for (std::size_t t = 0; t < x.steps(); ++t) {
        const std::int64_t h = (v + x(n, t, i) + value_or_zero(bias, i)) >> 1;
        const bool fires = fires_at_threshold ? h >= threshold[i] : h > threshold[i];
        s(n, t, i) = fires ? 1 : 0;
        v = fires ? 0 : h;
      }
    }
  }
  return s;
}

SequenceTensor residual(const SequenceTensor& r, const SequenceTensor& x,
                        std::span<const std::int32_t> bias, std::span<const std::int8_t> shift) {
  SequenceTensor sum(x.tokens(), x.steps(), x.neurons());
  for (std::size_t n = 0; n < x.tokens(); ++n) {
    for (std::size_t t = 0; t < x.steps(); ++t) {
      for (std::size_t i = 0; i < x.neurons(); ++i) {
        const int right = static_cast<int>(value_or_zero(shift, i));
        sum(n, t, i) = r(n, t, i) + floor_shift(x(n, t, i) + value_or_zero(bias, i), right);
      }
    }
  }
  return sum;
}

SequenceTensor published_attention(const SequenceTensor& q, const SequenceTensor& k,
                                   const SequenceTensor& v, std::size_t heads) {
  SequenceTensor y(q.tokens(), q.steps(), q.neurons());
  const std::size_t d = q.neurons() / heads;
  for (std::size_t t = 0; t < q.steps(); ++t) {
    for (std::size_t h = 0; h < heads; ++h) {
      const HeadView head{t, h * d, d};
      multiply_scores(masked_scores(q, k, head), v, head, y);
    }
  }
  return y;
}

SequenceTensor leaky_attention(const SequenceTensor& q, const SequenceTensor& k,
                               const SequenceTensor& v, std::span<const std::uint8_t> decay_shift,
                               unsigned fraction_bits) {
  SequenceTensor y(q.tokens(), q.steps(), q.neurons());
  const std::size_t d = q.neurons() / decay_shift.size();
  for (std::size_t t = 0; t < q.steps(); ++t) {
    for (std::size_t h = 0; h < decay_shift.size(); ++h) {
      recur(q, k, v, {t, h * d, d}, {decay_shift[h], std::int64_t{1} << fraction_bits}, y);
    }
  }
  return y;
}

SequenceTensor softmax_attention(const SequenceTensor& q, const SequenceTensor& k,
                                 const SequenceTensor& v, std::size_t heads,
                                 const SoftmaxParameters& softmax, unsigned fraction_bits) {
  SequenceTensor y(q.tokens(), q.steps(), q.neurons());
  const std::size_t d = q.neurons() / heads;
  for (std::size_t t = 0; t < q.steps(); ++t) {
    for (std::size_t h = 0; h < heads; ++h) {
      const HeadView head{t, h * d, d};
      Matrix p = masked_scores(q, k, head);
      const Row totals = exponentials(p, softmax);
      multiply_scores(p, v, head, y);
      for (std::size_t n = 0; n < q.tokens(); ++n) {
        for (std::size_t i = head.first; i < head.first + d; ++i) {
          y(n, t, i) = floor_quotient(y(n, t, i) << fraction_bits, totals[n]);
        }
      }
    }
  }
  return y;
}

std::vector<std::vector<std::int64_t>> readout(const SequenceTensor& s,
                                               std::span<const std::int8_t> weights,
                                               std::span<const std::int32_t> bias) {
  Matrix logits(s.tokens(), {bias.begin(), bias.end()});
  for (std::size_t n = 0; n < s.tokens(); ++n) {
    for (std::size_t t = 0; t < s.steps(); ++t) {
      const auto of_step =
          weights.subspan(t * s.neurons() * bias.size(), s.neurons() * bias.size());
      for (std::size_t o = 0; o < bias.size(); ++o) {
        logits[n][o] += weighted_sum(s, n, t, of_step, o);
      }
    }
  }
  return logits;
}

}  // namespace sequence
}  // namespace synfire
