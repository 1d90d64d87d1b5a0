// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topology/action.hpp"
#include "topology/graph.hpp"
#include "topology/packet.hpp"

namespace synfire {

/// What crosses a link.
struct Crossings {
  std::int64_t data_packets = 0;  ///< spikes and graded payloads
  std::int64_t data_bits = 0;
  std::int64_t control_packets = 0;
};

/// The actions that crossing a link is charged as.
///
/// Between routers: a hop of the link's kind and its bits for data packets, a control hop for
/// control packets. Local links: local_link for data packets; control packets are charged where
/// they are composed and decoded. The host's own links: nothing, host_bit covers them.
class LinkCharge {
 public:
  explicit LinkCharge(LinkKind kind);
  static LinkCharge none();

  void add(const Crossings& crossings, ActionCounts& counts) const {
    if (is_free_) return;
    counts[packet_] += crossings.data_packets;
    if (is_local_) return;
    counts[bit_] += crossings.data_bits;
    counts[Action::control_hop] += crossings.control_packets;
  }
  bool is_between_routers() const { return !is_local_; }

 private:
  Action packet_ = Action::local_link;
  Action bit_ = Action::link_bit;
  bool is_local_ = true;
  bool is_free_ = false;
};

/// Of every link of a graph, indexed by LinkId.
std::vector<LinkCharge> link_charges(const RouterGraph& graph);

/// Counts link crossings by the slice that pays for them, kind of link and size class of packet;
/// one addition each, priced as actions from time to time.
class CrossingLedger {
 public:
  CrossingLedger(const RouterGraph& graph, std::size_t slices);

  /// A packet crosses the link, and so many in all of its kind.
  void add(std::uint32_t slice, LinkId link, std::size_t size, std::uint32_t links = 1) {
    counts_[std::size_t{slice} * entries + kind_of_[index(link)] + size] += links;
  }

  /// Adds what was counted since the last call; `bits` is the length of a packet of each size
  /// class.
  void charge(std::span<const std::int64_t, packet_sizes> bits, std::span<ActionCounts> slices);

 private:
  static constexpr std::size_t sizes = 4;            ///< packet_sizes, to a power of two
  static constexpr std::size_t entries = 8 * sizes;  ///< of a slice: five kinds of link, the host's

  std::vector<std::uint8_t> kind_of_;  ///< per link: first of its entries
  std::vector<std::int64_t> counts_;   ///< [slice][kind of link][size class]
};

}  // namespace synfire
