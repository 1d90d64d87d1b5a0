// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/ids.hpp"
#include "sim/units.hpp"

namespace synfire {

enum class LinkKind : std::uint8_t {
  horizontal,  ///< east or west; also any link on the chip of a ring, tree or crossbar
  vertical,    ///< north or south
  board,       ///< from chip to chip
  injection,   ///< neurocore (or host) to its router
  ejection,    ///< router to its neurocore (or host)
};

/// The host interface in place of a neurocore; input populations live there.
inline constexpr CoreId host_core{0xffffffffU};

/// The router at which the host hangs: the north-west corner of a mesh or torus, the first tile of
/// a ring, the root of a tree, the hub of a crossbar's first chip, the first node of GraphML.
inline constexpr RouterId host_router{0};

inline constexpr LinkId no_link{0xffffffffU};

struct Router {
  std::uint32_t x = 0;      ///< column in drawings; of a mesh or torus: the tile's, eastwards
  std::uint32_t y = 0;      ///< row in drawings; of a mesh or torus: the tile's, southwards
  std::uint32_t cores = 0;  ///< neurocores that hang at it
  std::string name{};       ///< id of the GraphML node; else empty
};

/// A directed link. Injection and ejection links have the same router at both ends.
struct Link {
  RouterId from{};
  RouterId to{};
  LinkKind kind{};
  std::optional<Duration> latency{};                  ///< its own, instead of that of its kind
  std::optional<std::int64_t> megabits_per_second{};  ///< its own; 0: unlimited
};

/// Routers, links and neurocores of one or several chips as a graph (Boost.Graph inside).
///
/// Neurocores are numbered consecutively in order of their routers; the host hangs at host_router.
/// Every neurocore and the host have one injection and one ejection link.
///
/// Order  of links, and so of LinkId: those between routers ascending by (from, to); then injection
///        and ejection of every neurocore in order of CoreId; last injection and ejection of the
///        host.
class RouterGraph {
 public:
  static constexpr std::uint32_t most_routers = std::uint32_t{1} << 20;
  static constexpr std::uint32_t most_cores = std::uint32_t{1} << 20;
  static constexpr std::uint32_t most_links = std::uint32_t{1} << 22;  ///< between routers

  /// `links` are those between routers, in any order.
  ///
  /// Throws  TopologyError if there is no router or no neurocore, more than most_routers,
  ///         most_cores or most_links, or a link that starts or ends nowhere, ends where it
  ///         starts, or stands twice.
  RouterGraph(std::vector<Router> routers, std::vector<Link> links);
  /// width x height mesh on one chip; router id = y * width + x. Throws as the constructor.
  static RouterGraph mesh(std::uint32_t width, std::uint32_t height, std::uint32_t cores_per_tile);
  ~RouterGraph();
  RouterGraph(RouterGraph&&) noexcept;
  RouterGraph& operator=(RouterGraph&&) noexcept;

  std::uint32_t router_count() const;
  std::uint32_t core_count() const;
  std::span<const Router> routers() const;
  std::span<const Link> links() const;
  std::span<const Link> router_links() const;  ///< those between routers; they come first
  /// Links that leave a router for others: from the first id up to, not including, the second.
  std::pair<std::uint32_t, std::uint32_t> links_from(RouterId router) const;
  RouterId router_of(CoreId core) const;  ///< of host_core: host_router
  CoreId first_core(RouterId router) const;
  bool has_port(RouterId router) const;  ///< neurocores or the host hang at it
  LinkId injection_link(CoreId core) const;
  LinkId ejection_link(CoreId core) const;
  /// Link from one router to a neighbour; throws TopologyError if there is none. Cost: logarithm of
  /// the number of neighbours.
  LinkId link_between(RouterId from, RouterId to) const;
  std::uint32_t x_of(RouterId router) const;
  std::uint32_t y_of(RouterId router) const;
  /// For messages: "5 (2, 1)", or "`name`" of a GraphML node.
  std::string label(RouterId router) const;
  /// A router with neurocores or host, and another that it cannot reach; nothing if all are joined.
  std::optional<std::pair<RouterId, RouterId>> unreachable_pair() const;
  /// Ways of least latency from one router to all others: per router the last link of its way;
  /// `no_link` for the source and what it cannot reach. Equal latencies: fewest hops, then the
  /// smallest LinkId. `latency` is per link between routers, each above 0.
  /// Source  Dijkstra 1959, by Boost.Graph.
  std::vector<LinkId> shortest_paths(RouterId source, std::span<const Duration> latency) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace synfire
