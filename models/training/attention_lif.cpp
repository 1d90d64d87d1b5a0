// SPDX-License-Identifier: Apache-2.0
#include "models/training/attention_lif.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/training/lif.hpp"

namespace synfire::training {
namespace {

constexpr int kMaximumSteps = 16;

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

/// Ascending indices of the neurons that fire.
template <int D>
struct Fired {
  std::array<std::int32_t, D> index;
  int count = 0;

  SYNFIRE_INLINE explicit Fired(const float* spikes) {
    for (int i = 0; i < D; ++i) {
      index[count] = i;
      count += spikes[i] != 0.0F ? 1 : 0;
    }
  }
  SYNFIRE_INLINE explicit Fired(const Bfloat16* spikes) {
    for (int i = 0; i < D; ++i) {
      index[count] = i;
      count += spikes[i].bits != 0 ? 1 : 0;
    }
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
  SYNFIRE_INLINE void add(const float* source, float factor = 1.0F) {
    for (int p = 0; p < parts; ++p) part[p] += factor * load(source + p * lanes);
  }
};

/// state[k][:] = decay * state[k][:], then + row for fired k
template <int D>
SYNFIRE_INLINE void decay_and_add(float* state, float decay, const Fired<D>& fired,
                                  const Row<D>& row) {
  if (decay != 1.0F) {
    for (int i = 0; i < D * D; i += lanes) store(state + i, load(state + i) * decay);
  }
  for (int k = 0; k < fired.count; ++k) {
    float* target = state + fired.index[k] * D;
    for (int p = 0; p < Row<D>::parts; ++p) {
      store(target + p * lanes, load(target + p * lanes) + row.part[p]);
    }
  }
}

/// The sum of the rows of the fired.
template <int D>
SYNFIRE_INLINE Row<D> gather(const float* state, const Fired<D>& fired) {
  Row<D> sum;
  for (int k = 0; k < fired.count; ++k) sum.add(state + fired.index[k] * D);
  return sum;
}

template <int D, class Real>
SYNFIRE_INLINE void forward_head(const AttentionShape& shape, const HeadView& view,
                                 const AttentionForward<Real>& io) {
  const std::int64_t c = shape.channels();
  std::vector<float> state(static_cast<std::size_t>(shape.steps) * D * D, 0.0F);
  const Row<D> gain = Row<D>::from(io.gain + view.head * D);
  const float expired = std::pow(view.decay, static_cast<float>(shape.window));
  for (std::int64_t n = 0; n < shape.tokens; ++n) {
    Row<D> membrane;
    for (std::int64_t t = 0; t < shape.steps; ++t) {
      const Offsets at = offsets(shape, view, n, t);
      const Real* q = io.query_key_value + at.wide;
      float* s = state.data() + t * D * D;
      decay_and_add<D>(s, view.decay, Fired<D>(q + c), Row<D>::from(q + 2 * c));
      if (shape.window > 0 && n >= shape.window) {
        const Real* old = io.query_key_value + offsets(shape, view, n - shape.window, t).wide;
        Row<D> forgotten;
        for (int p = 0; p < Row<D>::parts; ++p) {
          forgotten.part[p] = -expired * load(old + 2 * c + p * lanes);
        }
        decay_and_add<D>(s, 1.0F, Fired<D>(old + c), forgotten);
      }
      const Row<D> sums = gather<D>(s, Fired<D>(q));
      sums.to(io.sums + at.narrow);
      for (int p = 0; p < Row<D>::parts; ++p) {
        const Floats potential =
            LifNeuron::charge(membrane.part[p], gain.part[p] * sums.part[p]);
        membrane.part[p] = LifNeuron::unless_fired(potential, potential);
        store(io.spikes + at.narrow + p * lanes, LifNeuron::spike(potential));
      }
    }
  }
}

/// Gradient of the sums of 16 channels of one token, [steps][D], and of their gain.
template <class Real>
SYNFIRE_INLINE Floats lif_backward(const AttentionShape& shape, const AttentionBackward<Real>& io,
                                   std::int64_t first, const Floats& gain, float* grad_sums) {
  std::array<Floats, kMaximumSteps> potential;
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
  std::vector<float> state(static_cast<std::size_t>(shape.steps) * D * D, 0.0F);
  for (std::int64_t n = 0; n < shape.tokens; ++n) {
    for (std::int64_t t = 0; t < shape.steps; ++t) {
      const std::int64_t at = offsets(shape, view, n, t).wide;
      const Real* q = io.query_key_value + at;
      float* s = state.data() + t * D * D;
      decay_and_add<D>(s, view.decay, Fired<D>(q + 2 * c), Row<D>::from(q + c));
      const float* g = grad_sums + (n * shape.steps + t) * D;
      Row<D> out;
      for (int j = 0; j < D; ++j) out.add(s + j * D, g[j]);
      out.to(io.grad_query_key_value + at);
    }
  }
}

/// state[j][:] = decay * state[j][:] + factor[j] * row
template <int D>
SYNFIRE_INLINE void decay_and_add_all(float* state, float decay, const float* factor,
                                      const Row<D>& row) {
  for (int j = 0; j < D; ++j) {
    for (int p = 0; p < Row<D>::parts; ++p) {
      float* target = state + j * D + p * lanes;
      store(target, decay * load(target) + factor[j] * row.part[p]);
    }
  }
}

/// G_n = decay G_{n+1} + q_n grad_sums_n^T, from the last token back;
/// grad k_n = G_n v_n, grad v_n = G_n^T k_n.
template <int D, class Real>
SYNFIRE_INLINE void key_value_gradient(const AttentionShape& shape, const HeadView& view,
                                       const AttentionBackward<Real>& io, const float* grad_sums) {
  const std::int64_t c = shape.channels();
  const auto size = static_cast<std::size_t>(shape.steps) * D * D;
  std::vector<float> by_key(size, 0.0F);
  std::vector<float> by_value(size, 0.0F);
  for (std::int64_t n = shape.tokens - 1; n >= 0; --n) {
    for (std::int64_t t = 0; t < shape.steps; ++t) {
      const std::int64_t at = offsets(shape, view, n, t).wide;
      const Real* q = io.query_key_value + at;
      const float* g = grad_sums + (n * shape.steps + t) * D;
      float* key_rows = by_key.data() + t * D * D;
      float* value_rows = by_value.data() + t * D * D;
      decay_and_add<D>(key_rows, view.decay, Fired<D>(q), Row<D>::from(g));
      decay_and_add_all<D>(value_rows, view.decay, g, Row<D>::from(q));
      gather<D>(value_rows, Fired<D>(q + 2 * c)).to(io.grad_query_key_value + at + c);
      gather<D>(key_rows, Fired<D>(q + c)).to(io.grad_query_key_value + at + 2 * c);
    }
  }
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
SYNFIRE_INLINE void for_heads(const AttentionShape& shape, HeadRange range, const Body& body) {
  for (std::int64_t pair = range.begin; pair < range.end; ++pair) {
    const std::int64_t head = pair % shape.heads;
    body(HeadView{pair / shape.heads, head, shape.decay[head]});
  }
}

}  // namespace

// The head dimension is a constant in the kernels; these are the ones there are.
#define SYNFIRE_FOR_DIMENSION(body)   \
  switch (shape.head_dimension) {     \
    case 16: body(16); break;         \
    case 32: body(32); break;         \
    case 48: body(48); break;         \
    case 64: body(64); break;         \
    default: break;                   \
  }
#define SYNFIRE_FORWARD(D) \
  for_heads(shape, range, [&](const HeadView& view) { forward_head<D>(shape, view, io); })
#define SYNFIRE_BACKWARD(D) \
  for_heads(shape, range, [&](const HeadView& view) { backward_head<D>(shape, view, io); })

// target_clones does not apply to templates, so each kernel is spelled out per type.
#define SYNFIRE_INSTANTIATE(Real)                                                          \
  template <>                                                                              \
  SYNFIRE_KERNEL void attention_lif_forward(const AttentionShape& shape, HeadRange range,  \
                                            const AttentionForward<Real>& io) {            \
    SYNFIRE_FOR_DIMENSION(SYNFIRE_FORWARD)                                                 \
  }                                                                                        \
  template <>                                                                              \
  SYNFIRE_KERNEL void attention_lif_backward(const AttentionShape& shape, HeadRange range, \
                                             const AttentionBackward<Real>& io) {          \
    SYNFIRE_FOR_DIMENSION(SYNFIRE_BACKWARD)                                                \
  }

SYNFIRE_INSTANTIATE(float)
SYNFIRE_INSTANTIATE(Bfloat16)

}  // namespace synfire::training
