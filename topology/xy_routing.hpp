// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "topology/routing.hpp"

namespace synfire {

enum class GridEdges : std::uint8_t {
  open,     ///< mesh
  wrapped,  ///< torus
};

/// Dimension-ordered routing on a mesh or torus: along x first, then along y.
///
/// Mesh   the only shortest way in each dimension; free of deadlock on one virtual channel.
/// Torus  the shorter way round in each dimension; of two equal ones east and south. With two or
///        more virtual channels a packet starts each dimension on channel 0 and goes on to channel
///        1 when it has crossed the wrap link (dateline), so that no ring of channels closes.
/// Source  Dally and Seitz 1987, "Deadlock-free message routing in multiprocessor interconnection
///         networks", IEEE Transactions on Computers C-36(5).
/// Tested  reference/routing_test (Manhattan and ring distance), reference/deadlock_test.
class XyRouting : public Routing {
 public:
  /// `graph` is a mesh or torus of build_graph; `virtual_channels` are those of a link, 1 or more.
  XyRouting(const RouterGraph& graph, GridEdges edges, std::uint32_t virtual_channels);

  Channel arrival(RouterId source, RouterId router) const override;
  std::uint32_t virtual_channels() const override;
  bool is_proven_free_of_deadlock() const override;

 private:
  struct Hop;
  Hop last_hop(std::uint32_t from, std::uint32_t to, std::uint32_t length) const;

  std::uint32_t width_;
  std::uint32_t height_;
  GridEdges edges_;
  bool has_datelines_;
  std::vector<std::array<LinkId, 4>> entering_;  ///< per router: from west, east, north, south
};

}  // namespace synfire
