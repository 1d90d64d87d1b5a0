// SPDX-License-Identifier: Apache-2.0
#include "models/training/attention_lif.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/training/lif.hpp"

namespace synfire::training {
namespace {

/// Where one head of one window lies.
struct HeadView {
  std::int64_t window;
  std::int64_t head;
  float decay;
};

/// Offsets of a (token, step) in the wide (query, key, value) and the narrow arrays.
struct Offsets {
  std::int64_t wide;
  std::int64_t narrow;
};

SYNFIRE_INLINE Offsets offsets(const AttentionShape& shape, const HeadView& view, std::int64_t n,
                               std::int64_t t) {
  const std::int64_t row = (view.window * shape.tokens + n) * shape.steps + t;
  const std::int64_t column = view.head * shape.head_dimension;
  return {row * 3 * shape.channels() + column, row * shape.channels() + column};
}

/// One bit per spike of 4 neurons; the product moves bit 16 i to bit 48 + i.
SYNFIRE_INLINE std::uint64_t four_bits(const Bfloat16* spikes) {
  std::uint64_t word = 0;
  std::memcpy(&word, spikes, sizeof word);
  constexpr std::uint64_t ones = 0x0001000100010001U;  // 1.0 has its seventh bit set
  return ((((word >> 7) & ones) * 0x0001000200040008U) >> 48) & 0xFU;
}
SYNFIRE_INLINE std::uint64_t four_bits(const float* spikes) {
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < 4; ++i) bits |= static_cast<std::uint64_t>(spikes[i] != 0.0F) << i;
  return bits;
}

/// Ascending indices of the neurons that fire.
template <int D>
struct Fired {
  std::array<std::int32_t, D> index;
  int count = 0;

  template <class Real>
  SYNFIRE_INLINE explicit Fired(const Real* spikes) {
    static_assert(D <= 64);
    std::uint64_t bits = 0;
    for (int i = 0; i < D; i += 4) bits |= four_bits(spikes + i) << i;
    for (; bits != 0; bits &= bits - 1) index[count++] = __builtin_ctzll(bits);
  }
};

/// One value per dimension of a head, in registers.
template <int D>
struct Row {
  static constexpr int parts = D / lanes;
  std::array<Floats, parts> part{};

  template <class Real>
  SYNFIRE_INLINE static Row from(const Real* source) {
    Row row;
    for (int p = 0; p < parts; ++p) row.part[p] = load(source + p * lanes);
    return row;
  }
  template <class Real>
  SYNFIRE_INLINE void to(Real* target) const {
    for (int p = 0; p < parts; ++p) store(target + p * lanes, part[p]);
  }
  SYNFIRE_INLINE void add(const float* source, float factor) {
    for (int p = 0; p < parts; ++p) part[p] += factor * load(source + p * lanes);
  }
};

/// A D x D state that is multiplied by `decay` at each token. Kept as scale * rows, so that most
/// tokens cost what fires and not D * D; the rows are brought back to scale 1 now and then. One
/// state for each of some time steps.
template <int D>
class DecayingState {
 public:
  SYNFIRE_INLINE DecayingState(std::int64_t steps, float decay)
      : rows_(static_cast<std::size_t>(steps) * D * D, 0.0F), decay_(decay) {}

  /// Goes to the next token.
  SYNFIRE_INLINE void decay() {
    constexpr float smallest = 0x1p-16F;
    scale_ *= decay_;
    if (scale_ >= smallest) return;
    for (std::size_t i = 0; i < rows_.size(); i += lanes) {
      store(rows_.data() + i, load(rows_.data() + i) * scale_);
    }
    scale_ = 1.0F;
  }
  /// Adds `row` to the rows of the fired of a step.
  SYNFIRE_INLINE void add(std::int64_t step, const Fired<D>& fired, const Row<D>& row,
                          float factor = 1.0F) {
    Row<D> scaled = row;
    for (Floats& part : scaled.part) part *= factor / scale_;
    for (int k = 0; k < fired.count; ++k) {
      float* target = row_of(step, fired.index[k]);
      for (int p = 0; p < Row<D>::parts; ++p) {
        store(target + p * lanes, load(target + p * lanes) + scaled.part[p]);
      }
    }
  }
  /// Adds factor[j] * row to every row j.
  SYNFIRE_INLINE void add_outer(std::int64_t step, const float* factor, const Row<D>& row) {
    Row<D> scaled = row;
    for (Floats& part : scaled.part) part *= 1.0F / scale_;
    for (int j = 0; j < D; ++j) {
      float* target = row_of(step, j);
      for (int p = 0; p < Row<D>::parts; ++p) {
        store(target + p * lanes, load(target + p * lanes) + factor[j] * scaled.part[p]);
      }
    }
  }
  /// The sum of the rows of the fired.
  SYNFIRE_INLINE Row<D> gather(std::int64_t step, const Fired<D>& fired) {
    Row<D> sum;
    for (int k = 0; k < fired.count; ++k) sum.add(row_of(step, fired.index[k]), 1.0F);
    return scaled(sum);
  }
  /// The sum of factor[j] times row j.
  SYNFIRE_INLINE Row<D> weighted_sum(std::int64_t step, const float* factor) {
    Row<D> sum;
    for (int j = 0; j < D; ++j) sum.add(row_of(step, j), factor[j]);
    return scaled(sum);
  }

 private:
  SYNFIRE_INLINE float* row_of(std::int64_t step, std::int64_t row) {
    return rows_.data() + (step * D + row) * D;
  }
  SYNFIRE_INLINE Row<D> scaled(Row<D> row) const {
    for (Floats& part : row.part) part *= scale_;
    return row;
  }

  std::vector<float> rows_;
  float decay_;
  float scale_ = 1.0F;
};

/// Calls body(steps) for as many time steps at once as the nearest cache holds two states of: one
/// of wide heads, whose tokens then lie far apart; all of narrow ones.
template <int D, class Body>
SYNFIRE_INLINE void for_cached_steps(const AttentionShape& shape, const Body& body) {
  constexpr std::int64_t cached =
      std::max<std::int64_t>(1, 32 * 1024 / (2 * sizeof(float) * D * D));
  for (std::int64_t t = 0; t < shape.steps; t += cached) {
    body(Range{t, std::min(shape.steps, t + cached)});
  }
}

/// sums_n = q_n S_n of some time steps.
template <int D, class Real>
SYNFIRE_INLINE void sum_steps(const AttentionShape& shape, const HeadView& view, Range steps,
                              const AttentionForward<Real>& io) {
  const std::int64_t c = shape.channels();
  DecayingState<D> state(steps.end - steps.begin, view.decay);
  const float expired = std::pow(view.decay, static_cast<float>(shape.window));
  for (std::int64_t n = 0; n < shape.tokens; ++n) {
    state.decay();
    for (std::int64_t t = steps.begin; t < steps.end; ++t) {
      const std::int64_t own = t - steps.begin;
      const Offsets at = offsets(shape, view, n, t);
      const Real* q = io.query_key_value + at.wide;
      state.add(own, Fired<D>(q + c), Row<D>::from(q + 2 * c));
      if (shape.window > 0 && n >= shape.window) {
        const Real* old = io.query_key_value + offsets(shape, view, n - shape.window, t).wide;
        state.add(own, Fired<D>(old + c), Row<D>::from(old + 2 * c), -expired);
      }
      state.gather(own, Fired<D>(q)).to(io.sums + at.narrow);
    }
  }
}

template <int D, class Real>
SYNFIRE_INLINE void forward_head(const AttentionShape& shape, const HeadView& view,
                                 const AttentionForward<Real>& io) {
  for_cached_steps<D>(shape, [&](Range steps) { sum_steps<D>(shape, view, steps, io); });
  const Row<D> gain = Row<D>::from(io.gain + view.head * D);
  for (std::int64_t n = 0; n < shape.tokens; ++n) {
    Row<D> membrane;
    for (std::int64_t t = 0; t < shape.steps; ++t) {
      const std::int64_t at = offsets(shape, view, n, t).narrow;
      const Row<D> sums = Row<D>::from(io.sums + at);
      for (int p = 0; p < Row<D>::parts; ++p) {
        const Floats potential = LifNeuron::charge(membrane.part[p], gain.part[p] * sums.part[p]);
        membrane.part[p] = LifNeuron::unless_fired(potential, potential);
        store_ones(io.spikes + at + p * lanes, LifNeuron::fires(potential));
      }
    }
  }
}

/// Gradient of the sums of 16 channels of one token, [steps][D], and of their gain.
template <class Real>
SYNFIRE_INLINE Floats lif_backward(const AttentionShape& shape, const AttentionBackward<Real>& io,
                                   std::int64_t first, const Floats& gain, float* grad_sums) {
  std::array<Floats, largest_step_count> potential;
  Floats membrane{};
  for (std::int64_t t = 0; t < shape.steps; ++t) {
    potential[t] = LifNeuron::charge(membrane, gain * load(io.sums + first + t * shape.channels()));
    membrane = LifNeuron::unless_fired(potential[t], potential[t]);
  }
  Floats membrane_grad{};
  Floats grad_gain{};
  for (std::int64_t t = shape.steps - 1; t >= 0; --t) {
    const std::int64_t at = first + t * shape.channels();
    const Floats h = potential[t];
    membrane_grad = 0.5F * (load(io.grad_spikes + at) * LifNeuron::surrogate(h) +
                            LifNeuron::unless_fired(h, membrane_grad));
    store(grad_sums + t * shape.head_dimension, membrane_grad * gain);
    grad_gain += membrane_grad * load(io.sums + at);
  }
  return grad_gain;
}

/// grad q_n = S_n grad_sums_n, with S rebuilt token by token, transposed: [value][key].
template <int D, class Real>
SYNFIRE_INLINE void query_gradient(const AttentionShape& shape, const HeadView& view,
                                   const AttentionBackward<Real>& io, const float* grad_sums) {
  const std::int64_t c = shape.channels();
  for_cached_steps<D>(shape, [&](Range steps) {
    DecayingState<D> state(steps.end - steps.begin, view.decay);
    for (std::int64_t n = 0; n < shape.tokens; ++n) {
      state.decay();
      for (std::int64_t t = steps.begin; t < steps.end; ++t) {
        const std::int64_t own = t - steps.begin;
        const std::int64_t at = offsets(shape, view, n, t).wide;
        const Real* q = io.query_key_value + at;
        state.add(own, Fired<D>(q + 2 * c), Row<D>::from(q + c));
        const float* g = grad_sums + (n * shape.steps + t) * D;
        state.weighted_sum(own, g).to(io.grad_query_key_value + at);
      }
    }
  });
}

/// G_n = decay G_{n+1} + q_n grad_sums_n^T, from the last token back;
/// grad k_n = G_n v_n, grad v_n = G_n^T k_n.
template <int D, class Real>
SYNFIRE_INLINE void key_value_gradient(const AttentionShape& shape, const HeadView& view,
                                       const AttentionBackward<Real>& io, const float* grad_sums) {
  const std::int64_t c = shape.channels();
  for_cached_steps<D>(shape, [&](Range steps) {
    DecayingState<D> by_key(steps.end - steps.begin, view.decay);
    DecayingState<D> by_value(steps.end - steps.begin, view.decay);
    for (std::int64_t n = shape.tokens - 1; n >= 0; --n) {
      by_key.decay();
      by_value.decay();
      for (std::int64_t t = steps.begin; t < steps.end; ++t) {
        const std::int64_t own = t - steps.begin;
        const std::int64_t at = offsets(shape, view, n, t).wide;
        const Real* q = io.query_key_value + at;
        const float* g = grad_sums + (n * shape.steps + t) * D;
        by_key.add(own, Fired<D>(q), Row<D>::from(g));
        by_value.add_outer(own, g, Row<D>::from(q));
        by_value.gather(own, Fired<D>(q + 2 * c)).to(io.grad_query_key_value + at + c);
        by_key.gather(own, Fired<D>(q + c)).to(io.grad_query_key_value + at + 2 * c);
      }
    }
  });
}

template <int D, class Real>
SYNFIRE_INLINE void backward_head(const AttentionShape& shape, const HeadView& view,
                                  const AttentionBackward<Real>& io) {
  std::vector<float> grad_sums(static_cast<std::size_t>(shape.tokens * shape.steps) * D);
  for (int p = 0; p < D; p += lanes) {
    const Floats gain = load(io.gain + view.head * D + p);
    Floats grad_gain{};
    for (std::int64_t n = 0; n < shape.tokens; ++n) {
      grad_gain += lif_backward(shape, io, offsets(shape, view, n, 0).narrow + p, gain,
                                grad_sums.data() + n * shape.steps * D + p);
    }
    for (int i = 0; i < lanes; ++i) io.grad_gain[view.head * D + p + i] += grad_gain[i];
  }
  query_gradient<D>(shape, view, io, grad_sums.data());
  key_value_gradient<D>(shape, view, io, grad_sums.data());
}

template <class Body>
SYNFIRE_INLINE void for_heads(const AttentionShape& shape, Range range, const Body& body) {
  for (std::int64_t pair = range.begin; pair < range.end; ++pair) {
    const std::int64_t head = pair % shape.heads;
    body(HeadView{pair / shape.heads, head, shape.decay[head]});
  }
}

}  // namespace

// The head dimension is a constant in the kernels; these are the ones there are.
#define SYNFIRE_FOR_DIMENSION(body) \
  switch (shape.head_dimension) {   \
    case 16:                        \
      body(16);                     \
      break;                        \
    case 32:                        \
      body(32);                     \
      break;                        \
    case 48:                        \
      body(48);                     \
      break;                        \
    case 64:                        \
      body(64);                     \
      break;                        \
    default:                        \
      break;                        \
  }
#define SYNFIRE_FORWARD(D) \
  for_heads(shape, range, [&](const HeadView& view) { forward_head<D>(shape, view, io); })
#define SYNFIRE_BACKWARD(D) \
  for_heads(shape, range, [&](const HeadView& view) { backward_head<D>(shape, view, io); })

// target_clones does not apply to templates, so each kernel is spelled out per type.
#define SYNFIRE_INSTANTIATE(Real)                                                      \
  template <>                                                                          \
  SYNFIRE_KERNEL void attention_lif_forward(const AttentionShape& shape, Range range,  \
                                            const AttentionForward<Real>& io) {        \
    SYNFIRE_FOR_DIMENSION(SYNFIRE_FORWARD)                                             \
  }                                                                                    \
  template <>                                                                          \
  SYNFIRE_KERNEL void attention_lif_backward(const AttentionShape& shape, Range range, \
                                             const AttentionBackward<Real>& io) {      \
    SYNFIRE_FOR_DIMENSION(SYNFIRE_BACKWARD)                                            \
  }

SYNFIRE_INSTANTIATE(float)
SYNFIRE_INSTANTIATE(Bfloat16)

}  // namespace synfire::training
