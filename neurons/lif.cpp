// SPDX-License-Identifier: Apache-2.0
#include "neurons/lif.hpp"

namespace synfire {

void update_lif(const FiringParameters& parameters, std::span<const std::int32_t> current,
                std::uint32_t first, std::span<std::int32_t> membrane,
                std::vector<std::uint32_t>& fired) {
  const std::int32_t margin = parameters.fires_at_threshold ? 1 : 0;
  for (std::size_t i = 0; i < membrane.size(); ++i) {
    const std::int32_t bias = parameters.bias.empty() ? 0 : parameters.bias[i];
    const std::int32_t potential = (membrane[i] + current[i] + bias) >> 1;
    const bool fires = potential > parameters.threshold[i] - margin;
    membrane[i] = fires ? 0 : potential;
    if (fires) fired.push_back(first + static_cast<std::uint32_t>(i));
  }
}

}  // namespace synfire
