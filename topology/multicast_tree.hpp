// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sim/units.hpp"
#include "topology/channel.hpp"
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

}  // namespace synfire
