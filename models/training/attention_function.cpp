// SPDX-License-Identifier: Apache-2.0
#include <type_traits>
#include <vector>

#include "models/training/detail/kernel_call.hpp"
#include "models/training/functions.hpp"
#include "models/training/score_attention.hpp"

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

struct AttentionRecord : torch::CustomClassHolder {
  explicit AttentionRecord(const AttentionShape& attention) : shape(attention) {}
  AttentionShape shape;
};

class AttentionLif : public Function<AttentionLif> {
 public:
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& qkv, const at::Tensor& gain,
                            const c10::intrusive_ptr<AttentionRecord>& record) {
    const AttentionShape& shape = record->shape;
    std::vector<std::int64_t> sizes = qkv.sizes().vec();
    sizes.back() = shape.channels();
    const at::Tensor spikes = at::empty(sizes, qkv.options());
    const at::Tensor sums = at::empty(sizes, qkv.options().dtype(at::kFloat));
    for_type(qkv.scalar_type(), [&](auto* pointer) {
      using Real = std::remove_pointer_t<decltype(pointer)>;
      const AttentionForward<Real> io{data<Real>(qkv), data<float>(gain), data<float>(sums),
                                      data<Real>(spikes)};
      for_ranges(shape.windows * shape.heads,
                 [&](std::int64_t, std::int64_t begin, std::int64_t end) {
                   attention_lif_forward<Real>(shape, {begin, end}, io);
                 });
    });
    keep(ctx, record);
    ctx->save_for_backward({qkv, gain, sums});
    return spikes;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto record = kept<AttentionRecord>(ctx);
    const AttentionShape& shape = record->shape;
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor grad_spikes = grads[0].contiguous();
    const at::Tensor grad_qkv = at::empty_like(saved[0]);
    ThreadSums sums(shape.channels());
    for_type(saved[0].scalar_type(), [&](auto* pointer) {
      using Real = std::remove_pointer_t<decltype(pointer)>;
      for_ranges(shape.windows * shape.heads,
                 [&](std::int64_t i, std::int64_t begin, std::int64_t end) {
                   const AttentionBackward<Real> io{data<Real>(saved[0]),  data<float>(saved[1]),
                                                    data<float>(saved[2]), data<Real>(grad_spikes),
                                                    data<Real>(grad_qkv),  sums.first(i)};
                   attention_lif_backward<Real>(shape, {begin, end}, io);
                 });
    });
    return {grad_qkv, sums.total()[0].to(at::kFloat), at::Tensor()};
  }
};

}  // namespace

at::Tensor attention_lif(const at::Tensor& query_key_value, const at::Tensor& gain,
                         const AttentionShape& shape) {
  const std::int64_t d = shape.head_dimension;
  if (d == 16 || d == 32 || d == 48 || d == 64) {
    return AttentionLif::apply(query_key_value, gain, c10::make_intrusive<AttentionRecord>(shape));
  }
  return lif(gain * attention_sums(query_key_value, shape), query_key_value.scalar_type());
}

}  // namespace synfire::training
