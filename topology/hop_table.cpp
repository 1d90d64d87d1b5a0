// SPDX-License-Identifier: Apache-2.0
#include "topology/hop_table.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t unknown = 0xffffffffU;

}  // namespace

HopTable::HopTable(const Routing& routing, std::span<const CoreId> cores) : routing_(routing) {
  const RouterGraph& graph = routing.graph();
  std::vector<std::uint32_t> place_of_router(graph.router_count(), unknown);
  const auto choose = [&](RouterId router) {
    std::uint32_t& place = place_of_router[index(router)];
    if (place != unknown) return;
    place = static_cast<std::uint32_t>(routers_.size());
    routers_.push_back(router);
  };
  choose(host_router);
  for (const CoreId core : cores) choose(graph.router_of(core));
  for (std::uint32_t core = 0; core < graph.core_count(); ++core) {
    place_of_core_.push_back(place_of_router[index(graph.router_of(CoreId{core}))]);
  }
  rows_.resize(routers_.size());
}

/// Every router is entered by one channel, so the ways from a source form a tree.
void HopTable::fill(std::uint32_t source) {
  const RouterGraph& graph = routing_.graph();
  std::vector<std::uint32_t> hops(graph.router_count(), unknown);
  hops[index(routers_[source])] = 0;
  std::vector<RouterId> way;
  for (const RouterId target : routers_) {
    RouterId here = target;
    while (hops[index(here)] == unknown) {
      way.push_back(here);
      here = graph.links()[index(routing_.arrival(routers_[source], here).link)].from;
    }
    for (std::uint32_t count = hops[index(here)]; !way.empty(); way.pop_back()) {
      hops[index(way.back())] = ++count;
    }
    rows_[source].push_back(hops[index(target)]);
  }
}

}  // namespace synfire
