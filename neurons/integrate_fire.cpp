// SPDX-License-Identifier: Apache-2.0
#include "neurons/integrate_fire.hpp"

#include <algorithm>
#include <array>

#include "sim/multiversion.hpp"

namespace synfire {
namespace {

/// Neurons updated before those that fired are listed: the update has no branches.
constexpr std::size_t block = 512;

SYNFIRE_LOOP void add_bias(std::int32_t* membrane, const std::int32_t* bias, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) membrane[i] += bias[i];
}

SYNFIRE_LOOP void integrate(std::int32_t* membrane, const std::int32_t* current,
                            const std::int32_t* threshold, std::int32_t margin, std::int32_t* fires,
                            std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t potential = membrane[i] + current[i];
    fires[i] = potential > threshold[i] - margin ? 1 : 0;
    membrane[i] = fires[i] != 0 ? 0 : potential;
  }
}

}  // namespace

void update_integrate_fire(const FiringParameters& parameters,
                           std::span<const std::int32_t> current, std::uint32_t first,
                           std::span<std::int32_t> membrane, std::vector<std::uint32_t>& fired) {
  const std::int32_t margin = parameters.fires_at_threshold ? 1 : 0;
  std::array<std::int32_t, block> fires;
  for (std::size_t begin = 0; begin < membrane.size(); begin += block) {
    const std::size_t count = std::min(block, membrane.size() - begin);
    std::int32_t* potentials = membrane.data() + begin;
    if (!parameters.bias.empty())
      multiversion<add_bias>(potentials, parameters.bias.data() + begin, count);
    multiversion<integrate>(potentials, current.data() + begin, parameters.threshold.data() + begin,
                            margin, fires.data(), count);
    for (std::size_t i = 0; i < count; ++i) {
      if (fires[i] != 0) fired.push_back(first + static_cast<std::uint32_t>(begin + i));
    }
  }
}

}  // namespace synfire
