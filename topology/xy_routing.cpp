// SPDX-License-Identifier: Apache-2.0
#include "topology/xy_routing.hpp"

#include <algorithm>

namespace synfire {
namespace {

enum Side : std::size_t { west, east, north, south };

}  // namespace

/// The last hop of the way along one dimension.
struct XyRouting::Hop {
  bool goes_up = false;       ///< towards larger coordinates: eastwards, southwards
  bool is_past_wrap = false;  ///< the wrap link lies behind the packet
};

XyRouting::XyRouting(const RouterGraph& graph, GridEdges edges, std::uint32_t virtual_channels)
    : Routing(graph), edges_(edges), entering_(graph.router_count()) {
  const RouterId last{graph.router_count() - 1};
  width_ = graph.x_of(last) + 1;
  height_ = graph.y_of(last) + 1;
  const bool has_rings = edges == GridEdges::wrapped && std::max(width_, height_) > 2;
  has_datelines_ = has_rings && virtual_channels > 1;
  for (auto& links : entering_) links.fill(no_link);
  for (std::uint32_t id = 0; id < graph.router_links().size(); ++id) {
    const Link& link = graph.links()[id];
    const std::uint32_t from_x = graph.x_of(link.from);
    const std::uint32_t from_y = graph.y_of(link.from);
    const std::uint32_t to_x = graph.x_of(link.to);
    const std::uint32_t to_y = graph.y_of(link.to);
    // A wrap link goes up although its coordinate falls, and down although it rises.
    const bool is_row = from_y == to_y;
    const std::uint32_t from = is_row ? from_x : from_y;
    const std::uint32_t to = is_row ? to_x : to_y;
    const bool is_wrap = (from < to ? to - from : from - to) > 1;
    const bool goes_up = (from < to) != is_wrap;
    const Side side = is_row ? (goes_up ? west : east) : (goes_up ? north : south);
    entering_[index(link.to)][side] = LinkId{id};
  }
}

XyRouting::Hop XyRouting::last_hop(std::uint32_t from, std::uint32_t to,
                                   std::uint32_t length) const {
  if (edges_ == GridEdges::open || length <= 2) return {to > from, false};
  const std::uint32_t upwards = to > from ? to - from : to + length - from;
  const bool goes_up = upwards <= length - upwards;
  const bool is_around = goes_up ? to < from : to > from;
  const bool is_wrap = to == (goes_up ? 0 : length - 1);  // the last hop itself
  return {goes_up, is_around && !is_wrap};
}

Channel XyRouting::arrival(RouterId source, RouterId router) const {
  const std::uint32_t from_y = index(source) / width_;
  const std::uint32_t to_y = index(router) / width_;
  const bool is_row = from_y == to_y;
  const Hop hop = is_row ? last_hop(index(source) % width_, index(router) % width_, width_)
                         : last_hop(from_y, to_y, height_);
  const Side side = is_row ? (hop.goes_up ? west : east) : (hop.goes_up ? north : south);
  const bool is_upper = has_datelines_ && hop.is_past_wrap;
  return {entering_[index(router)][side], static_cast<std::uint8_t>(is_upper ? 1 : 0)};
}

std::uint32_t XyRouting::virtual_channels() const {
  return has_datelines_ ? 2 : 1;
}

bool XyRouting::is_proven_free_of_deadlock() const {
  return edges_ == GridEdges::open || has_datelines_ || std::max(width_, height_) <= 2;
}

}  // namespace synfire
