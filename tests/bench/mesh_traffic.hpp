// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/support/synthetic_traffic.hpp"

namespace synfire::bench {

/// Uniform random traffic on a mesh of one neurocore a tile, at 40 % of what the links of the
/// bisection take. Source: Dally and Towles 2004, "Principles and Practices of Interconnection
/// Networks", chapter 3.2.
struct MeshTraffic {
  std::uint32_t side = 8;  ///< tiles
  FlowControl flow_control{};
  std::uint32_t destinations = 1;  ///< of a packet: 1 unicast, more a tree
  std::size_t packets = 200'000;
};

/// Everything that `run_traffic` takes. Links are Loihi's: 4.1 ns and 1 B/ns, packets 32 bits.
struct MeshRun {
  RouterGraph graph;
  ChipDescription chip;
  std::vector<MulticastNode> nodes;
  std::vector<test::SyntheticPacket> packets;
};

MeshRun draw_mesh_run(const MeshTraffic& traffic);

}  // namespace synfire::bench
