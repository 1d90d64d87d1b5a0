// SPDX-License-Identifier: Apache-2.0
#include "models/training/functions.hpp"

#include <type_traits>
#include <utility>

#include "models/training/detail/kernel_call.hpp"

namespace synfire::training {
namespace {

using detail::data;
using detail::for_ranges;
using detail::for_type;
using detail::keep;
using detail::kept;
using detail::ThreadSums;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

ActivationShape shape_of(const at::Tensor& x) {
  return {x.size(0), x.size(1), x.size(2)};
}

at::Tensor moments(const at::Tensor& x) {
  ThreadSums sums(x.size(2));
  for_type(x.scalar_type(), [&](auto* type) {
    using Real = std::remove_pointer_t<decltype(type)>;
    for_ranges(x.size(0), [&](std::int64_t i, std::int64_t begin, std::int64_t end) {
      accumulate_moments<Real>(shape_of(x), {begin, end}, data<Real>(x), sums.first(i),
                               sums.second(i));
    });
  });
  return sums.total() / static_cast<double>(x.size(0) * x.size(1));
}

class Linear : public Function<Linear> {
 public:
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& weight) {
    const at::Tensor rounded = weight.to(x.scalar_type());
    ctx->save_for_backward({x, rounded});
    return at::mm(x, rounded.t());
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor grad = grads[0].contiguous();
    return {at::mm(grad, saved[1]), at::mm(grad.t(), saved[0]).to(at::kFloat)};
  }
};

/// The affine map of a normalization and what its gradient needs; all [channels], float.
struct Folded {
  at::Tensor scale;
  at::Tensor shift;
  at::Tensor mean;     ///< subtracted; zeros if none is
  at::Tensor inverse;  ///< 1 / sqrt(power + epsilon)
};

Folded fold(const at::Tensor& x, const at::Tensor& gain, const at::Tensor& bias, NormState& state,
            Statistics statistics) {
  if (statistics == Statistics::none) return {gain, bias, {}, {}};
  Folded folded;
  folded.mean = at::zeros_like(gain);
  const at::Tensor batch = moments(x);
  at::Tensor measured = batch[1];
  if (statistics == Statistics::batch_moments) {
    measured = (batch[1] - batch[0] * batch[0]).clamp_min(0.0);
    folded.mean = batch[0].to(at::kFloat);
    state.mean.mul_(1.0 - state.momentum).add_(folded.mean, state.momentum);
  }
  measured = measured.to(at::kFloat);
  const bool running = statistics == Statistics::running_power;
  folded.inverse = ((running ? state.power : measured) + norm_epsilon).rsqrt();
  state.power.mul_(1.0 - state.momentum).add_(measured, state.momentum);
  folded.scale = gain * folded.inverse;
  folded.shift = bias - folded.mean * folded.scale;
  return folded;
}

/// grad_x = a * grad_y + b * x + c, and the gradients of gain and bias.
struct AffineGradient {
  at::Tensor a, b, c, gain, bias;
};

AffineGradient affine_gradient(const at::Tensor& sums, double rows, const Folded& folded,
                               const at::Tensor& gain, NormState& state, Statistics statistics) {
  const at::Tensor sum_g = sums[0].to(at::kFloat);
  const at::Tensor sum_gx = sums[1].to(at::kFloat);
  AffineGradient out;
  out.bias = sum_g;
  if (statistics == Statistics::none) {
    out = {folded.scale, at::zeros_like(gain), at::zeros_like(gain), sum_gx, sum_g};
    return out;
  }
  out.gain = folded.inverse * (sum_gx - folded.mean * sum_g);
  out.a = folded.scale;
  if (statistics == Statistics::running_power) {
    const at::Tensor pull = (1.0 - 0.9) * state.correction;  // PowerNorm's alpha_bkw = 0.9
    out.b = -pull * folded.inverse * folded.inverse;
    out.c = at::zeros_like(gain);
    const at::Tensor mean_square = state.power * folded.inverse * folded.inverse;
    state.correction.add_(gain * out.gain / rows - pull * mean_square);
    return out;
  }
  const at::Tensor projection = out.gain / rows;
  out.b = -folded.scale * folded.inverse * projection;
  out.c = -folded.mean * out.b;
  if (statistics == Statistics::batch_moments) out.c = out.c - folded.scale * sum_g / rows;
  return out;
}

/// What norm_lif's gradient needs beside tensors; autograd's context carries it as a capsule.
struct NormLifRecord : torch::CustomClassHolder {
  NormLifRecord(NormState& norm_state, Statistics kind, const Dropout& drop)
      : state(&norm_state), statistics(kind), dropout(drop) {}
  Folded folded;
  NormState* state;
  Statistics statistics;
  Dropout dropout;
};

class NormLif : public Function<NormLif> {
 public:
  static variable_list forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& gain,
                               const at::Tensor& bias, const c10::optional<at::Tensor>& stream_in,
                               const c10::intrusive_ptr<NormLifRecord>& record) {
    record->folded = fold(x, gain, bias, *record->state, record->statistics);
    const at::Tensor residual = stream_in.value_or(at::Tensor());
    const at::Tensor spikes = at::empty_like(x);
    const at::Tensor stream = residual.defined() ? at::empty_like(residual) : at::Tensor();
    for_type(x.scalar_type(), [&](auto* type) {
      using Real = std::remove_pointer_t<decltype(type)>;
      const NormLifForward<Real> io{data<Real>(x),
                                    data<float>(record->folded.scale),
                                    data<float>(record->folded.shift),
                                    data<float>(residual),
                                    data<float>(stream),
                                    data<Real>(spikes),
                                    record->dropout};
      for_ranges(x.size(0), [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        norm_lif_forward<Real>(shape_of(x), {begin, end}, io);
      });
    });
    keep(ctx, record);
    ctx->save_for_backward({x, gain, stream});
    if (!stream.defined()) return {spikes};
    return {spikes, stream};
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto record = kept<NormLifRecord>(ctx);
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor& x = saved[0];
    const at::Tensor& stream = saved[2];
    const at::Tensor grad_spikes = grads[0].defined() ? grads[0].contiguous() : at::zeros_like(x);
    const bool streams = grads.size() > 1 && grads[1].defined();
    const at::Tensor grad_next = streams ? grads[1].contiguous() : at::Tensor();
    const at::Tensor grad_x = at::empty_like(x);
    const at::Tensor grad_stream = stream.defined() ? at::empty_like(stream) : at::Tensor();
    ThreadSums sums(x.size(2));
    AffineGradient affine;
    for_type(x.scalar_type(), [&](auto* type) {
      using Real = std::remove_pointer_t<decltype(type)>;
      for_ranges(x.size(0), [&](std::int64_t i, std::int64_t begin, std::int64_t end) {
        const NormLifBackward<Real> io{data<Real>(x),
                                       data<float>(record->folded.scale),
                                       data<float>(record->folded.shift),
                                       data<float>(stream),
                                       data<Real>(grad_spikes),
                                       data<float>(grad_next),
                                       data<float>(grad_stream),
                                       data<Real>(grad_x),
                                       sums.first(i),
                                       sums.second(i),
                                       record->dropout};
        norm_lif_backward<Real>(shape_of(x), {begin, end}, io);
      });
      affine = affine_gradient(sums.total(), static_cast<double>(x.size(0) * x.size(1)),
                               record->folded, saved[1], *record->state, record->statistics);
      const AffineBackward<Real> io{
          data<float>(affine.a),    data<float>(affine.b), data<float>(affine.c), data<Real>(x),
          data<float>(grad_stream), data<Real>(grad_x),    data<Real>(grad_x),    record->dropout};
      for_ranges(x.size(0), [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        affine_backward<Real>(shape_of(x), {begin, end}, io);
      });
    });
    return {grad_x, affine.gain, affine.bias, grad_stream, at::Tensor()};
  }
};

class Lif : public Function<Lif> {
 public:
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& stream, at::ScalarType type) {
    const at::Tensor spikes = at::empty(stream.sizes(), stream.options().dtype(type));
    for_type(type, [&](auto* pointer) {
      using Real = std::remove_pointer_t<decltype(pointer)>;
      NormLifForward<Real> io;
      io.residual = data<float>(stream);
      io.spikes = data<Real>(spikes);
      for_ranges(stream.size(0), [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        norm_lif_forward<Real>(shape_of(stream), {begin, end}, io);
      });
    });
    ctx->save_for_backward({stream});
    return spikes;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const at::Tensor stream = ctx->get_saved_variables()[0];
    const at::Tensor grad_spikes = grads[0].contiguous();
    const at::Tensor grad_stream = at::empty_like(stream);
    for_type(grad_spikes.scalar_type(), [&](auto* pointer) {
      using Real = std::remove_pointer_t<decltype(pointer)>;
      NormLifBackward<Real> io;
      io.next_residual = data<float>(stream);
      io.grad_spikes = data<Real>(grad_spikes);
      io.grad_stream = data<float>(grad_stream);
      ThreadSums unused(stream.size(2));
      io.sum_g = unused.first(0);
      io.sum_gx = unused.second(0);
      for_ranges(stream.size(0), [&](std::int64_t i, std::int64_t begin, std::int64_t end) {
        NormLifBackward<Real> mine = io;
        mine.sum_g = unused.first(i);
        mine.sum_gx = unused.second(i);
        norm_lif_backward<Real>(shape_of(stream), {begin, end}, mine);
      });
    });
    return {grad_stream, at::Tensor()};
  }
};

/// Channels of zeros behind the last, up to a multiple of `lanes`: kernels work on whole lanes.
at::Tensor padded(const at::Tensor& x) {
  const std::int64_t missing = (lanes - x.size(-1) % lanes) % lanes;
  return missing == 0 ? x : at::constant_pad_nd(x, {0, missing});
}

at::Tensor first_channels(const at::Tensor& x, std::int64_t channels) {
  return x.size(-1) == channels ? x : x.slice(-1, 0, channels).contiguous();
}

}  // namespace

NormState NormState::fresh(std::int64_t channels) {
  const std::int64_t size = (channels + lanes - 1) / lanes * lanes;
  return {at::zeros({size}), at::ones({size}), at::zeros({size}), 0.1};
}

at::Tensor spike_linear(const at::Tensor& x, const at::Tensor& weight) {
  return Linear::apply(x, weight);
}

NormLifResult norm_lif(const at::Tensor& x, const at::Tensor& gain, const at::Tensor& bias,
                       const at::Tensor& residual, NormState& state, Statistics statistics,
                       const Dropout& dropout) {
  const auto record = c10::make_intrusive<NormLifRecord>(state, statistics, dropout);
  const std::int64_t channels = x.size(2);
  const auto stream = residual.defined() ? c10::make_optional(padded(residual)) : c10::nullopt;
  const variable_list out = NormLif::apply(padded(x), padded(gain), padded(bias), stream, record);
  return {first_channels(out[0], channels),
          residual.defined() ? first_channels(out[1], channels) : at::Tensor()};
}

at::Tensor lif(const at::Tensor& stream, at::ScalarType type) {
  return first_channels(Lif::apply(padded(stream), type), stream.size(-1));
}

}  // namespace synfire::training
