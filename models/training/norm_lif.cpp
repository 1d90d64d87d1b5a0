// SPDX-License-Identifier: Apache-2.0
#include "models/training/norm_lif.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <vector>

#include "models/training/lif.hpp"

namespace synfire::training {
namespace {

constexpr int kTileTokens = 64;  // tokens summed in single precision before going to double
/// 0 or 1 / (1 - p) for the 16 channels from `channel` of a token.
SYNFIRE_INLINE Floats kept(const Dropout& dropout, std::int64_t token, std::int64_t channels,
                           std::int64_t channel) {
  if (dropout.probability <= 0.0F) return broadcast(1.0F);
  constexpr Words lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const auto first = static_cast<std::uint32_t>(token * channels + channel);
  Words h = ((lane + first) * 0x9E3779B1U) ^ dropout.seed;
  h = (h ^ (h >> 16)) * 0x85EBCA6BU;
  h = (h ^ (h >> 13)) * 0xC2B2AE35U;
  const Words bits = (h ^ (h >> 16)) >> 8;
  const Floats uniform =
      __builtin_convertvector(reinterpret_cast<Integers>(bits), Floats) * 0x1p-24F;
  return uniform < dropout.probability ? Floats{} : broadcast(1.0F / (1.0F - dropout.probability));
}

/// Two sums per channel: single precision within a tile of tokens, double precision over tiles.
class TileSums {
 public:
  SYNFIRE_INLINE explicit TileSums(std::int64_t channels) : values_(2 * channels, 0.0F) {}
  SYNFIRE_INLINE void add(std::int64_t channel, const Floats& first, const Floats& second) {
    float* at = values_.data() + 2 * channel;
    store(at, load(at) + first);
    store(at + lanes, load(at + lanes) + second);
  }
  SYNFIRE_INLINE void flush(double* first, double* second) {
    const auto channels = static_cast<std::int64_t>(values_.size() / 2);
    for (std::int64_t c = 0; c < channels; c += lanes) {
      for (int i = 0; i < lanes; ++i) {
        first[c + i] += values_[2 * c + i];
        second[c + i] += values_[2 * c + lanes + i];
      }
    }
    std::fill(values_.begin(), values_.end(), 0.0F);
  }

 private:
  std::vector<float> values_;
};

/// Calls body(number of time steps), a constant for the usual ones: then the steps' state stays in
/// registers.
template <class Body>
SYNFIRE_INLINE void for_steps(const ActivationShape& shape, const Body& body) {
  if (shape.steps == 4) return body(std::integral_constant<int, 4>());
  body(shape.steps);
}

SYNFIRE_INLINE std::int64_t offset(const ActivationShape& shape, std::int64_t token, std::int64_t t,
                                   std::int64_t channel) {
  return (token * shape.steps + t) * shape.channels + channel;
}

/// Calls body(token, channel) for every group of channels of every token.
template <class Body>
SYNFIRE_INLINE void for_lanes(const ActivationShape& shape, Range range, const Body& body) {
  for (std::int64_t m = range.begin; m < range.end; ++m) {
    for (std::int64_t c = 0; c < shape.channels; c += lanes) body(m, c);
  }
}

/// The same, with per-channel sums that body(token, channel, sums) adds to.
template <class Body>
SYNFIRE_INLINE void for_lanes_with_sums(const ActivationShape& shape, Range range, double* first,
                                        double* second, const Body& body) {
  TileSums sums(shape.channels);
  for (std::int64_t m = range.begin; m < range.end; m += kTileTokens) {
    for_lanes(shape, {m, std::min(range.end, m + kTileTokens)},
              [&](std::int64_t token, std::int64_t c) { body(token, c, sums); });
    sums.flush(first, second);
  }
}

template <class Real>
SYNFIRE_INLINE void moments(const ActivationShape& shape, Range range, const Real* x, double* sum,
                            double* square) {
  for_lanes_with_sums(shape, range, sum, square,
                      [&](std::int64_t m, std::int64_t c, TileSums& sums) {
                        Floats s{};
                        Floats q{};
                        for (std::int64_t t = 0; t < shape.steps; ++t) {
                          const Floats v = load(x + offset(shape, m, t, c));
                          s += v;
                          q += v * v;
                        }
                        sums.add(c, s, q);
                      });
}

template <class Real, class Steps>
SYNFIRE_INLINE void forward_lanes(const ActivationShape& shape, Steps steps,
                                  const NormLifForward<Real>& io, std::int64_t token,
                                  std::int64_t c) {
  Floats membrane{};
  const Floats factor = kept(io.dropout, token, shape.channels, c);
  for (std::int64_t t = 0; t < steps; ++t) {
    const std::int64_t at = offset(shape, token, t, c);
    Floats current{};
    if (io.x != nullptr) {
      current = (load(io.x + at) * load(io.scale + c) + load(io.shift + c)) * factor;
    }
    if (io.residual != nullptr) current += load(io.residual + at);
    if (io.next_residual != nullptr) store(io.next_residual + at, current);
    const Floats potential = LifNeuron::charge(membrane, current);
    membrane = LifNeuron::unless_fired(potential, potential);
    store_ones(io.spikes + at, LifNeuron::fires(potential));
  }
}

/// Potentials of all steps, as the forward pass computed them.
template <class Real, class Steps>
SYNFIRE_INLINE void recompute(const ActivationShape& shape, Steps steps,
                              const NormLifBackward<Real>& io, std::int64_t token, std::int64_t c,
                              const Floats& factor, Floats* potential) {
  Floats membrane{};
  for (std::int64_t t = 0; t < steps; ++t) {
    const std::int64_t at = offset(shape, token, t, c);
    const Floats current =
        io.next_residual != nullptr
            ? load(io.next_residual + at)
            : (load(io.x + at) * load(io.scale + c) + load(io.shift + c)) * factor;
    potential[t] = LifNeuron::charge(membrane, current);
    membrane = LifNeuron::unless_fired(potential[t], potential[t]);
  }
}

template <class Real, class Steps>
SYNFIRE_INLINE void backward_lanes(const ActivationShape& shape, Steps steps,
                                   const NormLifBackward<Real>& io, std::int64_t token,
                                   std::int64_t c, TileSums& sums) {
  std::array<Floats, largest_step_count> potential;
  const Floats factor = kept(io.dropout, token, shape.channels, c);
  recompute(shape, steps, io, token, c, factor, potential.data());
  Floats membrane_grad{};
  Floats sum_g{};
  Floats sum_gx{};
  for (std::int64_t t = steps - 1; t >= 0; --t) {
    const std::int64_t at = offset(shape, token, t, c);
    const Floats h = potential[t];
    Floats g = 0.5F * (load(io.grad_spikes + at) * LifNeuron::surrogate(h) +
                       LifNeuron::unless_fired(h, membrane_grad));
    membrane_grad = g;
    if (io.grad_next != nullptr) g += load(io.grad_next + at);
    if (io.grad_stream != nullptr) store(io.grad_stream + at, g);
    if (io.x == nullptr) continue;
    g *= factor;
    if (io.grad_stream == nullptr) store(io.grad_y + at, g);
    sum_g += g;
    sum_gx += g * load(io.x + at);
  }
  if (io.x != nullptr) sums.add(c, sum_g, sum_gx);
}

template <class Real>
SYNFIRE_INLINE void affine_lanes(const ActivationShape& shape, const AffineBackward<Real>& io,
                                 std::int64_t token, std::int64_t c) {
  const Floats factor = kept(io.dropout, token, shape.channels, c);
  for (std::int64_t t = 0; t < shape.steps; ++t) {
    const std::int64_t at = offset(shape, token, t, c);
    const Floats g =
        io.grad_stream != nullptr ? load(io.grad_stream + at) * factor : load(io.grad_y + at);
    store(io.grad_x + at, load(io.a + c) * g + load(io.b + c) * load(io.x + at) + load(io.c + c));
  }
}

}  // namespace

// target_clones does not apply to templates, so each kernel is spelled out per type.
#define SYNFIRE_INSTANTIATE(Real)                                                                  \
  template <>                                                                                      \
  SYNFIRE_KERNEL void accumulate_moments(const ActivationShape& shape, Range range, const Real* x, \
                                         double* sum, double* square) {                            \
    moments(shape, range, x, sum, square);                                                         \
  }                                                                                                \
  template <>                                                                                      \
  SYNFIRE_KERNEL void norm_lif_forward(const ActivationShape& shape_in, Range range,               \
                                       const NormLifForward<Real>& io_in) {                        \
    for_steps(                                                                                     \
        shape_in, [&, shape = shape_in, io = io_in ](auto steps) __attribute__((always_inline)) {  \
          for_lanes(shape, range, [&](std::int64_t m, std::int64_t c) {                            \
            forward_lanes(shape, steps, io, m, c);                                                 \
          });                                                                                      \
        });                                                                                        \
  }                                                                                                \
  template <>                                                                                      \
  SYNFIRE_KERNEL void norm_lif_backward(const ActivationShape& shape_in, Range range,              \
                                        const NormLifBackward<Real>& io_in) {                      \
    for_steps(                                                                                     \
        shape_in, [&, shape = shape_in, io = io_in ](auto steps) __attribute__((always_inline)) {  \
          for_lanes_with_sums(shape, range, io.sum_g, io.sum_gx,                                   \
                              [&](std::int64_t m, std::int64_t c, TileSums& sums) {                \
                                backward_lanes(shape, steps, io, m, c, sums);                      \
                              });                                                                  \
        });                                                                                        \
  }                                                                                                \
  template <>                                                                                      \
  SYNFIRE_KERNEL void affine_backward(const ActivationShape& shape, Range range,                   \
                                      const AffineBackward<Real>& io) {                            \
    for_lanes(shape, range,                                                                        \
              [&](std::int64_t m, std::int64_t c) { affine_lanes(shape, io, m, c); });             \
  }

SYNFIRE_INSTANTIATE(float)
SYNFIRE_INSTANTIATE(Bfloat16)

}  // namespace synfire::training
