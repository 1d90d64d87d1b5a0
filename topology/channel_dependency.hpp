// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "topology/channel.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"
#include "topology/routing.hpp"

namespace synfire {

/// Channel dependency graph: an edge from channel a to channel b if a packet that holds a place
/// behind a may need one behind b next. Without a cycle nothing waits for itself.
///
/// Only channels between routers are nodes. An injection channel is first on its routes, so nothing
/// waits for it; an ejection channel is last, and neurocores and host always take packets in, so it
/// waits for nothing: neither can lie on a cycle. Copies of a multicast packet go on independently
/// along a tree whose edges are those of the routes that it is made of, so they add none.
///
/// Source  Dally and Seitz 1987, "Deadlock-free message routing in multiprocessor interconnection
///         networks", IEEE Transactions on Computers C-36(5), theorem 1.
class ChannelDependencies {
 public:
  using Edge = std::pair<Channel, Channel>;

  /// No edges yet. Memory: a bit for every pair of channels that meet at a router.
  ChannelDependencies(const RouterGraph& graph, std::uint32_t virtual_channels);

  /// Of the routes between all routers at which neurocores or the host hang.
  static ChannelDependencies of(const Routing& routing);

  /// The second channel must leave the router that the first one leads to. True if it is new.
  bool insert(Channel first, Channel second);
  void erase(Channel first, Channel second);

  /// Ascending.
  std::vector<Edge> edges() const;

  /// Channels of which each may wait for the next, and the last for the first (depth-first search
  /// by Boost.Graph); empty if there is no cycle.
  std::vector<Channel> find_cycle() const;

 private:
  std::uint64_t bit(Channel first, Channel second) const;
  std::uint32_t node(Channel channel) const;
  template <typename Visit>
  void visit_edges(Visit visit) const;

  const RouterGraph* graph_;
  std::uint32_t virtual_channels_;
  std::vector<std::uint32_t> place_at_target_;  ///< per link: among those that enter its router
  std::vector<std::uint64_t> first_bit_;        ///< per router
  std::vector<std::uint64_t> bits_;
};

/// Refuses routes whose packets can wait for each other in a circle, if buffers are finite
/// (`flow_control.kind=credit`) and `routing.deadlock_check` is strict; else does nothing.
///
/// Throws  ConfigError naming `routing.virtual_channels`, with the routers of a cycle and remedies;
///         or `routing.deadlock_check` if the graph is too large to be searched.
void check_deadlock_freedom(const RouterGraph& graph, const Routing& routing,
                            const ChipDescription& chip);

}  // namespace synfire
