// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sim/units.hpp"
#include "topology/channel.hpp"
#include "topology/link_timing.hpp"
#include "topology/packet.hpp"

namespace synfire {

inline constexpr std::uint32_t no_destination = 0xffffffffU;

/// A node of a multicast tree; the nodes of all trees lie in one array, children side by side.
///
/// A root stands for the port of the sending neurocore: it has no channel, and its child is reached
/// over the injection link. A unicast route is a chain with one leaf, so that the network knows one
/// kind of packet only. At a node with several children a packet is copied.
struct MulticastNode {
  Channel channel;                             ///< crossed to reach this node; unused in a root
  std::uint32_t first_child = 0;               ///< index of a node
  std::uint32_t child_count = 0;               ///< 0: a leaf
  std::uint32_t destination = no_destination;  ///< delivered here: index that the sender gave it
  std::uint32_t leaves = 0;                    ///< deliveries at and below this node
  std::array<Duration, packet_sizes> zero_load{};  ///< from the root, per size of packet
};

/// Where a packet goes, and by which index its sender knows that place.
using RoutedDestination = std::pair<Route, std::uint32_t>;

/// Appends the tree that is the union of `routes`: equal beginnings are walked once.
///
/// Order    parents before children, children ascending by channel; the order of `routes` does not
///          matter. No two routes may be equal, none may be the beginning of another but the empty
///          one, which is the sender itself.
/// Returns  index of the root.
std::uint32_t append_tree(std::vector<MulticastNode>& nodes,
                          std::span<const RoutedDestination> routes);

/// Sets `zero_load` of every node: the sum over the links from its root of serialization and
/// latency, for a packet that is stored whole by every router. `timings` is indexed by LinkId.
void fill_zero_load(std::span<MulticastNode> nodes, std::span<const LinkTiming> timings);

}  // namespace synfire
