// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "topology/routing.hpp"

namespace synfire {

/// Least sum of link latencies, on any graph; ties by fewest hops, then by smallest last LinkId.
///
/// One tree of ways per source router, found when it is first asked for.
///
/// With credit flow control and several virtual channels, all ways from a router keep to one
/// virtual channel, its layer: in order of routers, the first layer in which they close no cycle of
/// channels with those placed there before; the last layer if they do in every one, which
/// check_deadlock_freedom then reports.
/// Source  Skeie, Lysne and Theiss 2002, "Layered shortest path (LASH) routing in irregular system
///         area networks", IPDPS; first fit per source as Domke, Hoefler and Nagel 2011,
///         "Deadlock-free oblivious routing for arbitrary topologies", IPDPS.
/// Differs  LASH lays pairs into layers, DFSSSP moves ways that close a cycle; a layer per source
///          keeps the ways of a multicast packet on one virtual channel. A ring with links in one
///          direction takes a layer for every two routers.
/// Thread-safety  routes may be asked for from several threads.
/// Tested  reference/routing_test (breadth-first distance), reference/deadlock_test.
class ShortestPathRouting : public Routing {
 public:
  /// Throws  ConfigError naming `routing.virtual_channels` if the graph is too large for layers.
  ShortestPathRouting(const RouterGraph& graph, const ChipDescription& chip);

  Channel arrival(RouterId source, RouterId router) const override;
  std::uint32_t virtual_channels() const override { return layers_; }

 private:
  struct Tree {
    std::once_flag is_grown;
    std::vector<LinkId> last_link;
  };

  /// Per router the last link of the way to it.
  const std::vector<LinkId>& ways_from(RouterId source) const;
  void lay_out(std::uint32_t most_layers);

  std::vector<Duration> latency_;          ///< per link between routers
  std::vector<std::uint8_t> layer_;        ///< per source router
  std::uint32_t layers_ = 1;               ///< in use
  mutable std::unique_ptr<Tree[]> trees_;  ///< per source router
};

}  // namespace synfire
