// SPDX-License-Identifier: Apache-2.0
#include "topology/graph.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/visitors.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

struct LinkOfEdge {
  LinkId id{};
};

using BoostGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS,
                                         boost::no_property, LinkOfEdge>;

constexpr std::uint32_t unreachable = 0xffffffffU;

}  // namespace

struct RouterGraph::Impl {
  Impl(std::uint32_t tiles_wide, std::uint32_t tiles_high, std::uint32_t cores)
      : width(tiles_wide),
        cores_per_tile(cores),
        core_count(tiles_wide * tiles_high * cores),
        graph(std::size_t{tiles_wide} * tiles_high) {}

  LinkId add(Link link) {
    links.push_back(link);
    return LinkId{static_cast<std::uint32_t>(links.size() - 1)};
  }

  void connect(std::uint32_t from, std::uint32_t to, LinkKind kind) {
    boost::add_edge(from, to, LinkOfEdge{add({RouterId{from}, RouterId{to}, kind})}, graph);
  }

  void connect_mesh(std::uint32_t height) {
    for (std::uint32_t router = 0; router < width * height; ++router) {
      const std::uint32_t x = router % width;
      const std::uint32_t y = router / width;
      if (y > 0) connect(router, router - width, LinkKind::vertical);
      if (x > 0) connect(router, router - 1, LinkKind::horizontal);
      if (x + 1 < width) connect(router, router + 1, LinkKind::horizontal);
      if (y + 1 < height) connect(router, router + width, LinkKind::vertical);
    }
  }

  /// Links of all neurocores, then those of the host; injection before ejection.
  void connect_cores() {
    first_local_link = static_cast<std::uint32_t>(links.size());
    for (std::uint32_t core = 0; core <= core_count; ++core) {
      const RouterId router{core == core_count ? 0 : core / cores_per_tile};
      add({router, router, LinkKind::injection});
      add({router, router, LinkKind::ejection});
    }
  }

  std::uint32_t local_link(CoreId core) const {
    const std::uint32_t place = core == host_core ? core_count : index(core);
    SYNFIRE_ASSERT(place <= core_count, "a neurocore that the chip does not have");
    return first_local_link + 2 * place;
  }

  std::uint32_t width;
  std::uint32_t cores_per_tile;
  std::uint32_t core_count;
  std::uint32_t first_local_link = 0;
  std::vector<Link> links;
  BoostGraph graph;
};

RouterGraph::RouterGraph(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RouterGraph::~RouterGraph() = default;
RouterGraph::RouterGraph(RouterGraph&&) noexcept = default;
RouterGraph& RouterGraph::operator=(RouterGraph&&) noexcept = default;

RouterGraph RouterGraph::mesh(std::uint32_t width, std::uint32_t height,
                              std::uint32_t cores_per_tile) {
  if (width == 0 || height == 0 || cores_per_tile == 0) {
    throw TopologyError(0, "a mesh of " + std::to_string(width) + " x " + std::to_string(height) +
                               " tiles with " + std::to_string(cores_per_tile) +
                               " neurocores has no core; give at least 1 of each");
  }
  auto impl = std::make_unique<Impl>(width, height, cores_per_tile);
  impl->connect_mesh(height);
  impl->connect_cores();
  return RouterGraph(std::move(impl));
}

std::uint32_t RouterGraph::router_count() const {
  return static_cast<std::uint32_t>(boost::num_vertices(impl_->graph));
}

std::uint32_t RouterGraph::core_count() const {
  return impl_->core_count;
}

std::span<const Link> RouterGraph::links() const {
  return impl_->links;
}

RouterId RouterGraph::router_of(CoreId core) const {
  return impl_->links[impl_->local_link(core)].from;
}

LinkId RouterGraph::injection_link(CoreId core) const {
  return LinkId{impl_->local_link(core)};
}

LinkId RouterGraph::ejection_link(CoreId core) const {
  return LinkId{impl_->local_link(core) + 1};
}

LinkId RouterGraph::link_between(RouterId from, RouterId to) const {
  if (index(from) < router_count() && index(to) < router_count()) {
    const auto [edge, exists] = boost::edge(index(from), index(to), impl_->graph);
    if (exists) return impl_->graph[edge].id;
  }
  throw TopologyError(index(from), "has no link to router " + std::to_string(index(to)) +
                                       "; route over neighbours");
}

RouterId RouterGraph::router_at(std::uint32_t x, std::uint32_t y) const {
  return RouterId{y * impl_->width + x};
}

std::uint32_t RouterGraph::x_of(RouterId router) const {
  return index(router) % impl_->width;
}

std::uint32_t RouterGraph::y_of(RouterId router) const {
  return index(router) / impl_->width;
}

std::uint32_t RouterGraph::distance(RouterId from, RouterId to) const {
  if (index(from) >= router_count() || index(to) >= router_count()) {
    throw TopologyError(std::max(index(from), index(to)), "is not on this chip");
  }
  std::vector<std::uint32_t> hops(router_count(), unreachable);
  hops[index(from)] = 0;
  std::vector<boost::default_color_type> colors(router_count(), boost::white_color);
  const auto vertex_index = boost::get(boost::vertex_index, impl_->graph);
  boost::breadth_first_search(
      impl_->graph, index(from),
      boost::visitor(
          boost::make_bfs_visitor(boost::record_distances(hops.data(), boost::on_tree_edge())))
          .color_map(boost::make_iterator_property_map(colors.begin(), vertex_index)));
  if (hops[index(to)] == unreachable) {
    throw TopologyError(index(from), "has no way to router " + std::to_string(index(to)));
  }
  return hops[index(to)];
}

}  // namespace synfire
