// SPDX-License-Identifier: Apache-2.0
#include "models/training/score_attention.hpp"

namespace synfire::training {
namespace {

/// Weight of token m for token n, [heads, n, m]: decay^(n - m), 0 for later and unseen ones.
at::Tensor attention_mask(const AttentionShape& shape) {
  const at::Tensor index = at::arange(shape.tokens, at::kFloat);
  const at::Tensor age = index.unsqueeze(1) - index.unsqueeze(0);
  at::Tensor seen = age >= 0;
  if (shape.window > 0) seen = seen & (age < shape.window);
  const at::Tensor decay =
      at::from_blob(const_cast<float*>(shape.decay.data()), {shape.heads, 1, 1}, at::kFloat);
  return at::where(seen, at::pow(decay, age.clamp_min(0)), at::zeros({}));
}

/// Q, K and V: [3, windows, steps, heads, tokens, head dimension], single precision.
at::Tensor by_heads(const at::Tensor& query_key_value, const AttentionShape& shape) {
  return query_key_value.to(at::kFloat)
      .view({shape.windows, shape.tokens, shape.steps, 3, shape.heads, shape.head_dimension})
      .permute({3, 0, 2, 4, 1, 5});
}

}  // namespace

at::Tensor attention_scores(const at::Tensor& query_key_value, const AttentionShape& shape) {
  const at::Tensor heads = by_heads(query_key_value, shape);
  return at::matmul(heads[0], heads[1].transpose(-1, -2)) * attention_mask(shape);
}

at::Tensor attention_sums(const at::Tensor& query_key_value, const AttentionShape& shape) {
  const at::Tensor sums =
      at::matmul(attention_scores(query_key_value, shape), by_heads(query_key_value, shape)[2]);
  return sums.permute({0, 3, 1, 2, 4}).reshape({-1, shape.steps, shape.channels()});
}

}  // namespace synfire::training
