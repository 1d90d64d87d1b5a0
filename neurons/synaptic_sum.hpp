// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace synfire {

/// Adds the weight rows of all spiking sources: sum[i] += sum_j weights[j * stride + i].
///
/// Shapes  weights: first row at the first column wanted; sum: the columns wanted.
/// Exact   integer addition commutes, so the order of `spikes` does not matter.
void add_rows(const std::int8_t* weights, std::size_t stride, std::span<const std::uint32_t> spikes,
              std::span<std::int32_t> sum);

/// Adds the weight rows of graded sources times what they send:
/// sum[i] += sum_j payloads[j] * weights[sources[j] * stride + i].
///
/// Shapes  as add_rows; payloads: one for each of `sources`.
/// Exact   if no partial sum can leave 32 bits, which bounds.hpp proves.
void add_products(const std::int8_t* weights, std::size_t stride,
                  std::span<const std::uint32_t> sources, std::span<const std::int32_t> payloads,
                  std::span<std::int32_t> sum);

}  // namespace synfire
