// SPDX-License-Identifier: Apache-2.0
#include "neurons/layer_norm.hpp"

#include <bit>
#include <vector>

#include "neurons/residual.hpp"

namespace synfire {
namespace {

/// Rounds down, whatever the signs; the divisor is positive.
std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  const std::int64_t quotient = value / divisor;
  return quotient * divisor > value ? quotient - 1 : quotient;
}

}  // namespace

std::uint64_t integer_square_root(std::uint64_t n) {
  if (n == 0) return 0;
  std::uint64_t root = std::uint64_t{1} << ((std::bit_width(n) + 1) / 2);  // not below the root
  for (;;) {
    const std::uint64_t next = (root + n / root) / 2;
    if (next >= root) return root;
    root = next;
  }
}

void layer_norm(const Population& population, std::span<const std::int32_t> current,
                std::span<std::int32_t> out) {
  const auto count = static_cast<std::int64_t>(current.size());
  std::vector<std::int64_t> d(current.size());
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < d.size(); ++i) {
    d[i] = shift_right(std::int64_t{current[i]} * population.multiplier[i] + population.bias[i],
                       population.shift[i]);
    sum += d[i];
  }
  const std::int64_t mean = floor_divide(sum, count);
  std::int64_t squares = 0;
  for (std::int64_t& value : d) {
    value -= mean;
    squares += value * value;
  }
  const std::int64_t variance = (squares << (2 * deviation_bits)) / count + population.epsilon;
  const auto deviation =
      static_cast<std::int64_t>(integer_square_root(static_cast<std::uint64_t>(variance)));
  for (std::size_t i = 0; i < d.size(); ++i) {
    out[i] = static_cast<std::int32_t>(floor_divide(d[i] * population.gain[i], deviation) +
                                       population.offset[i]);
  }
}

}  // namespace synfire
