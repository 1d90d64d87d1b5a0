// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/ATen.h>

namespace synfire::training {

/// Sum over groups g of row (g, token g places back); a group is silent before the first token.
///
/// Shapes  table: [groups, vocabulary, width]; tokens: [windows, length] (int64);
///         result: [windows, length, width].
inline at::Tensor embedding_sum(const at::Tensor& table, const at::Tensor& tokens) {
  const std::int64_t length = tokens.size(1);
  at::Tensor sum = at::embedding(table[0], tokens);
  for (std::int64_t g = 1; g < table.size(0) && g < length; ++g) {
    const at::Tensor older = at::embedding(table[g], tokens.slice(1, 0, length - g));
    sum = sum + at::constant_pad_nd(older, {0, 0, g, 0});
  }
  return sum;
}

}  // namespace synfire::training
