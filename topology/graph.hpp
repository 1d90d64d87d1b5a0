// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sim/ids.hpp"

namespace synfire {

enum class LinkKind : std::uint8_t {
  horizontal,  ///< east or west
  vertical,    ///< north or south
  injection,   ///< neurocore (or host) to its router
  ejection,    ///< router to its neurocore (or host)
};

/// The host interface in place of a neurocore; input populations live there.
inline constexpr CoreId host_core{0xffffffffU};

/// A directed link. Injection and ejection links have the same router at both ends.
struct Link {
  RouterId from{};
  RouterId to{};
  LinkKind kind{};
};

/// Routers and links of a chip as a graph (Boost.Graph inside).
///
/// Neurocore c hangs at router c / cores_per_tile; the host at router 0. Every neurocore and the
/// host have one injection and one ejection link.
///
/// Order  of links, and so of LinkId: those between routers ascending by (from, to); then injection
///        and ejection of every neurocore in order of CoreId; last injection and ejection of the
///        host. Tile (0, 0) is the north-west corner: x grows eastwards, y southwards.
class RouterGraph {
 public:
  /// width x height mesh; router id = y * width + x. Throws TopologyError if any number is 0.
  static RouterGraph mesh(std::uint32_t width, std::uint32_t height, std::uint32_t cores_per_tile);
  ~RouterGraph();
  RouterGraph(RouterGraph&&) noexcept;
  RouterGraph& operator=(RouterGraph&&) noexcept;

  std::uint32_t router_count() const;
  std::uint32_t core_count() const;
  std::span<const Link> links() const;
  RouterId router_of(CoreId core) const;  ///< host_core: router 0
  LinkId injection_link(CoreId core) const;
  LinkId ejection_link(CoreId core) const;
  /// Link from one router to a neighbour; throws TopologyError if there is none.
  LinkId link_between(RouterId from, RouterId to) const;
  RouterId router_at(std::uint32_t x, std::uint32_t y) const;
  std::uint32_t x_of(RouterId router) const;
  std::uint32_t y_of(RouterId router) const;
  /// Fewest hops between two routers (breadth-first search by Boost.Graph).
  std::uint32_t distance(RouterId from, RouterId to) const;

 private:
  struct Impl;
  explicit RouterGraph(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Links of the dimension-ordered (x first, then y) route, injection and ejection included.
/// Deadlock-free on a mesh (Dally and Seitz 1987). Defined in routing.cpp.
std::vector<LinkId> route_xy(const RouterGraph& graph, CoreId from, CoreId to);

}  // namespace synfire
