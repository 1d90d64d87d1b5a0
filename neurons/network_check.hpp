// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "neurons/network.hpp"

namespace synfire {

/// Throws ConfigError for the first population or projection that cannot be run: sizes of the
/// parameter vectors, thresholds, shifts, heads, ports that the model lacks, weight counts.
void check_network(std::uint32_t time_steps, std::span<const Population> populations,
                   std::span<const Projection> projections);

}  // namespace synfire
