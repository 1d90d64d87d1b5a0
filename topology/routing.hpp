// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "sim/ids.hpp"
#include "topology/channel.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"

namespace synfire {

/// Which channels a packet takes; fixed by source and destination (deterministic, oblivious).
///
/// Routes from one router form a tree: every router is entered by one channel, whatever lies behind
/// it. So routes to several destinations share their beginnings, and their union is a multicast
/// tree. Injection and ejection links have virtual channel 0 only.
class Routing {
 public:
  explicit Routing(const RouterGraph& graph) : graph_(&graph) {}  ///< must outlive the routing
  virtual ~Routing() = default;
  Routing(const Routing&) = delete;
  Routing& operator=(const Routing&) = delete;

  /// Channels from neurocore to neurocore (either may be host_core); empty if they are the same.
  /// Cost: the length of the route, and whatever arrival does once per source.
  Route route(CoreId from, CoreId to) const;

  /// The channel by which packets from router `source` enter `router`, which is another one.
  virtual Channel arrival(RouterId source, RouterId router) const = 0;

  /// Virtual channels that routes use, counted from 0.
  virtual std::uint32_t virtual_channels() const = 0;

  /// True if a theorem says that channels cannot wait for each other in a circle, whatever the
  /// size; used where a graph is too large to be searched.
  virtual bool is_proven_free_of_deadlock() const { return false; }

  const RouterGraph& graph() const { return *graph_; }

 private:
  const RouterGraph* graph_;
};

/// The routing of a chip description over its graph (build_graph), which must outlive it.
///
/// Throws  ConfigError naming `routing.kind` or `routing.virtual_channels`: xy on a graph without
///         rows and columns; a graph too large to find virtual layers for.
std::unique_ptr<Routing> make_routing(const RouterGraph& graph, const ChipDescription& chip);

}  // namespace synfire
