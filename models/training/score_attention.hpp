// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/ATen.h>

#include "models/training/attention_lif.hpp"

/// Attention by matrices of scores, from tensor operations alone: for head dimensions without a
/// kernel, and where scores themselves are asked for. Time and memory grow with the context.
namespace synfire::training {

/// (Q K^T) o tril, weighted by age: [windows, steps, heads, tokens, tokens], single precision.
/// Shapes  query_key_value: [windows * tokens, steps, 3 * channels] spikes.
at::Tensor attention_scores(const at::Tensor& query_key_value, const AttentionShape& shape);

/// The scores times V: [windows * tokens, steps, channels], single precision.
at::Tensor attention_sums(const at::Tensor& query_key_value, const AttentionShape& shape);

}  // namespace synfire::training
