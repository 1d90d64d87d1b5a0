// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "topology/action.hpp"
#include "topology/graph.hpp"

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

}  // namespace synfire
