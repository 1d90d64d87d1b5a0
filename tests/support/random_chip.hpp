// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"

namespace synfire::test {

/// A chip of random size and timing: 1-4 x 1-3 tiles of 1-3 neurocores, any synchronisation,
/// realisation, window (1-3), lanes and bandwidth. Capacities are ample.
ChipDescription random_chip(std::uint64_t seed);

/// Populations cut at random places (attention between heads) onto random neurocores.
Mapping random_mapping(std::uint64_t seed, const Network& network, const ChipDescription& chip);

}  // namespace synfire::test
