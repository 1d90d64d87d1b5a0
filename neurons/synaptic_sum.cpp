// SPDX-License-Identifier: Apache-2.0
#include "neurons/synaptic_sum.hpp"

#include <algorithm>
#include <array>

#include "sim/multiversion.hpp"

namespace synfire {
namespace {

/// 255 rows of weights down to -128 cannot overflow int16.
constexpr std::size_t rows_per_batch = 255;
/// Columns summed at a time; their int16 sums stay in registers and the first-level cache.
constexpr std::size_t columns_per_strip = 512;
/// So few columns that their sums never leave the registers: what neurocores of few neurons add.
constexpr std::size_t narrow_strip = 32;
constexpr std::size_t most_narrow_columns = 64;
/// Rows that lie anywhere in memory are asked for this many rows before they are added.
constexpr std::size_t rows_ahead = 4;
constexpr std::size_t cache_line = 64;

SYNFIRE_LOOP void add_batch(const std::int8_t* weights, std::size_t stride,
                            std::span<const std::uint32_t> spikes, std::span<std::int32_t> sum) {
  std::array<std::int16_t, columns_per_strip> partial;
  const std::size_t columns = sum.size();
  std::fill_n(partial.data(), columns, std::int16_t{0});
  for (std::size_t j = 0; j < spikes.size(); ++j) {
    const std::int8_t* row = weights + spikes[j] * stride;
    if (j + rows_ahead < spikes.size()) {
      const std::int8_t* const next = weights + spikes[j + rows_ahead] * stride;
      for (std::size_t i = 0; i < columns; i += cache_line) __builtin_prefetch(next + i);
    }
    for (std::size_t i = 0; i < columns; ++i) {
      partial[i] = static_cast<std::int16_t>(partial[i] + row[i]);
    }
  }
  for (std::size_t i = 0; i < columns; ++i) sum[i] += partial[i];
}

/// The same for `narrow_strip` columns.
SYNFIRE_LOOP void add_narrow_batch(const std::int8_t* weights, std::size_t stride,
                                   std::span<const std::uint32_t> spikes,
                                   std::span<std::int32_t> sum) {
  std::array<std::int16_t, narrow_strip> partial{};
  for (std::size_t j = 0; j < spikes.size(); ++j) {
    const std::int8_t* row = weights + spikes[j] * stride;
    if (j + rows_ahead < spikes.size()) {
      __builtin_prefetch(weights + spikes[j + rows_ahead] * stride);
    }
    for (std::size_t i = 0; i < narrow_strip; ++i) {
      partial[i] = static_cast<std::int16_t>(partial[i] + row[i]);
    }
  }
  for (std::size_t i = 0; i < narrow_strip; ++i) sum[i] += partial[i];
}

SYNFIRE_LOOP void add_all(const std::int8_t* weights, std::size_t stride,
                          std::span<const std::uint32_t> spikes, std::span<std::int32_t> sum) {
  for (std::size_t first = 0; first < spikes.size(); first += rows_per_batch) {
    const auto rows = spikes.subspan(first, std::min(rows_per_batch, spikes.size() - first));
    std::size_t column = 0;
    if (sum.size() <= most_narrow_columns) {
      for (; column + narrow_strip <= sum.size(); column += narrow_strip) {
        add_narrow_batch(weights + column, stride, rows, sum.subspan(column));
      }
    }
    for (; column < sum.size(); column += columns_per_strip) {
      const std::size_t columns = std::min(columns_per_strip, sum.size() - column);
      add_batch(weights + column, stride, rows, sum.subspan(column, columns));
    }
  }
}

SYNFIRE_LOOP void add_multiple(const std::int8_t* row, std::int32_t payload, std::size_t columns,
                               std::int32_t* sum) {
  for (std::size_t i = 0; i < columns; ++i) sum[i] += payload * row[i];
}

}  // namespace

void add_rows(const std::int8_t* weights, std::size_t stride, std::span<const std::uint32_t> spikes,
              std::span<std::int32_t> sum) {
  multiversion<add_all>(weights, stride, spikes, sum);
}

void add_products(const std::int8_t* weights, std::size_t stride,
                  std::span<const std::uint32_t> sources, std::span<const std::int32_t> payloads,
                  std::span<std::int32_t> sum) {
  for (std::size_t j = 0; j < sources.size(); ++j) {
    if (payloads[j] == 0) continue;
    multiversion<add_multiple>(weights + sources[j] * stride, payloads[j], sum.size(), sum.data());
  }
}

}  // namespace synfire
