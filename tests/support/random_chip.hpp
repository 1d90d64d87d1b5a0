// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"

namespace synfire::test {

/// What a network-on-chip is made of.
struct NetworkKind {
  TopologyKind topology{};
  RoutingKind routing{};
  FlowControl flow_control{};
  Multicast multicast{};
  Synchronisation synchronisation{};
};

/// Every combination that there is; xy exists on mesh and torus only.
std::vector<NetworkKind> all_network_kinds();

/// In words of chip files: `torus xy credit tree barrier`.
std::string to_string(const NetworkKind& kind);

/// A chip of the given kind with 1 to 48 neurocores on 1 to 4 chips, buffers of 1 to 3 packets,
/// random latencies, bandwidths, widths and energies, and capacities without limit. The number of
/// virtual channels is random, but enough that the deadlock check passes.
///
/// Equal seeds give chips that differ in the kind only, and perhaps in virtual channels.
ChipDescription random_chip(std::uint64_t seed, const NetworkKind& kind);

/// As above, of a random kind.
ChipDescription random_chip(std::uint64_t seed);

/// Slices of random sizes on random cores; several populations may share a core.
Mapping random_mapping(std::uint64_t seed, const Network& network, const ChipDescription& chip);

}  // namespace synfire::test
