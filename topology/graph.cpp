// SPDX-License-Identifier: Apache-2.0
#include "topology/graph.hpp"

#include <algorithm>
#include <compare>
#include <limits>
#include <tuple>

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

/// Edge i is the i-th edge that it was made of.
using BoostGraph =
    boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                       boost::no_property, std::uint32_t, std::uint32_t>;
using Ends = std::pair<std::uint32_t, std::uint32_t>;

constexpr std::uint32_t unreachable = 0xffffffffU;

/// Length of a way: least latency first, then fewest hops.
struct Length {
  std::int64_t picoseconds = 0;
  std::int64_t hops = 0;
  auto operator<=>(const Length&) const = default;
};

constexpr Length endless{std::numeric_limits<std::int64_t>::max(),
                         std::numeric_limits<std::int64_t>::max()};

Length operator+(const Length& way, const Length& link) {
  return way == endless ? endless
                        : Length{way.picoseconds + link.picoseconds, way.hops + link.hops};
}

BoostGraph make_graph(std::vector<Ends> edges, std::uint32_t routers) {
  std::ranges::sort(edges);
  return {boost::edges_are_sorted, edges.begin(), edges.end(), routers};
}

std::vector<std::uint32_t> hops_from(const BoostGraph& graph, std::uint32_t source) {
  const std::size_t routers = boost::num_vertices(graph);
  std::vector<std::uint32_t> hops(routers, unreachable);
  hops[source] = 0;
  std::vector<boost::default_color_type> colors(routers, boost::white_color);
  const auto vertex_index = boost::get(boost::vertex_index, graph);
  boost::breadth_first_search(
      graph, source,
      boost::visitor(boost::make_bfs_visitor(boost::record_distances(
                         boost::make_iterator_property_map(hops.begin(), vertex_index),
                         boost::on_tree_edge())))
          .color_map(boost::make_iterator_property_map(colors.begin(), vertex_index)));
  return hops;
}

void check_count(std::uint64_t count, std::uint32_t most, const char* what) {
  if (count <= most) return;
  throw TopologyError(std::to_string(count) + " " + what + " are more than " +
                      std::to_string(most) + "; make the graph smaller");
}

void check_routers(const std::vector<Router>& routers) {
  check_count(routers.size(), RouterGraph::most_routers, "routers");
  std::uint64_t cores = 0;
  for (const Router& router : routers) cores += router.cores;
  check_count(cores, RouterGraph::most_cores, "neurocores");
  if (cores == 0) throw TopologyError("no router has a neurocore; give at least one");
}

void check_links(const std::vector<Link>& links, std::size_t routers) {
  check_count(links.size(), RouterGraph::most_links, "links");
  for (const Link& link : links) {
    const std::uint32_t from = index(link.from);
    const std::uint32_t to = index(link.to);
    const std::string ends = std::to_string(from) + " -> " + std::to_string(to);
    if (from >= routers || to >= routers) {
      throw TopologyError(from, "link " + ends + " leads to no router; remove it");
    }
    if (from == to) throw TopologyError(from, "is linked to itself; remove the link");
  }
}

}  // namespace

struct RouterGraph::Impl {
  Impl(std::vector<Router> all_routers, std::vector<Link> router_links)
      : routers(std::move(all_routers)), links(std::move(router_links)) {
    check_routers(routers);
    check_links(links, routers.size());
    sort_links();
    connect_cores();
  }

  void sort_links() {
    const auto ends = [](const Link& link) { return std::pair(link.from, link.to); };
    std::ranges::sort(links, {}, ends);
    const auto twin = std::ranges::adjacent_find(links, {}, ends);
    if (twin != links.end()) {
      throw TopologyError(index(twin->from), "is linked twice to router " +
                                                 std::to_string(index(twin->to)) +
                                                 "; remove one of the links");
    }
    first_local_link = static_cast<std::uint32_t>(links.size());
    first_link.assign(routers.size() + 1, 0);
    std::vector<Ends> edges;
    edges.reserve(links.size());
    for (const Link& link : links) {
      ++first_link[index(link.from) + 1];
      edges.emplace_back(index(link.from), index(link.to));
    }
    for (std::size_t i = 1; i < first_link.size(); ++i) first_link[i] += first_link[i - 1];
    graph = make_graph(std::move(edges), static_cast<std::uint32_t>(routers.size()));
  }

  /// Links of all neurocores, then those of the host; injection before ejection.
  void connect_cores() {
    for (std::uint32_t router = 0; router < routers.size(); ++router) {
      first_core.push_back(core_count);
      for (std::uint32_t i = 0; i < routers[router].cores; ++i) connect_core(RouterId{router});
      core_count += routers[router].cores;
    }
    connect_core(host_router);
  }

  void connect_core(RouterId router) {
    links.push_back({router, router, LinkKind::injection});
    links.push_back({router, router, LinkKind::ejection});
  }

  std::uint32_t local_link(CoreId core) const {
    const std::uint32_t place = core == host_core ? core_count : index(core);
    SYNFIRE_ASSERT(place <= core_count, "a neurocore that the chip does not have");
    return first_local_link + 2 * place;
  }

  std::vector<Router> routers;
  std::vector<Link> links;
  std::vector<std::uint32_t> first_link;  // per router, and one more
  std::vector<std::uint32_t> first_core;  // per router
  std::uint32_t first_local_link = 0;
  std::uint32_t core_count = 0;
  BoostGraph graph;  // edge i is link i
};

RouterGraph::RouterGraph(std::vector<Router> routers, std::vector<Link> links)
    : impl_(std::make_unique<Impl>(std::move(routers), std::move(links))) {}
RouterGraph::~RouterGraph() = default;
RouterGraph::RouterGraph(RouterGraph&&) noexcept = default;
RouterGraph& RouterGraph::operator=(RouterGraph&&) noexcept = default;

std::uint32_t RouterGraph::router_count() const {
  return static_cast<std::uint32_t>(impl_->routers.size());
}

std::uint32_t RouterGraph::core_count() const {
  return impl_->core_count;
}

std::span<const Router> RouterGraph::routers() const {
  return impl_->routers;
}

std::span<const Link> RouterGraph::links() const {
  return impl_->links;
}

std::span<const Link> RouterGraph::router_links() const {
  return links().first(impl_->first_local_link);
}

std::pair<std::uint32_t, std::uint32_t> RouterGraph::links_from(RouterId router) const {
  return {impl_->first_link[index(router)], impl_->first_link[index(router) + 1]};
}

RouterId RouterGraph::router_of(CoreId core) const {
  return impl_->links[impl_->local_link(core)].from;
}

CoreId RouterGraph::first_core(RouterId router) const {
  return CoreId{impl_->first_core[index(router)]};
}

bool RouterGraph::has_port(RouterId router) const {
  return router == host_router || impl_->routers[index(router)].cores > 0;
}

LinkId RouterGraph::injection_link(CoreId core) const {
  return LinkId{impl_->local_link(core)};
}

LinkId RouterGraph::ejection_link(CoreId core) const {
  return LinkId{impl_->local_link(core) + 1};
}

LinkId RouterGraph::link_between(RouterId from, RouterId to) const {
  if (index(from) < router_count()) {
    const auto [begin, end] = links_from(from);
    const auto neighbours = links().subspan(begin, end - begin);
    const auto found = std::ranges::lower_bound(neighbours, to, {}, &Link::to);
    if (found != neighbours.end() && found->to == to) {
      return LinkId{begin + static_cast<std::uint32_t>(found - neighbours.begin())};
    }
  }
  throw TopologyError(index(from), "has no link to router " + std::to_string(index(to)) +
                                       "; route over neighbours");
}

std::uint32_t RouterGraph::x_of(RouterId router) const {
  return impl_->routers[index(router)].x;
}

std::uint32_t RouterGraph::y_of(RouterId router) const {
  return impl_->routers[index(router)].y;
}

std::string RouterGraph::label(RouterId id) const {
  const Router& router = impl_->routers[index(id)];
  if (!router.name.empty()) return "`" + router.name + "`";
  return std::to_string(index(id)) + " (" + std::to_string(router.x) + ", " +
         std::to_string(router.y) + ")";
}

std::optional<std::pair<RouterId, RouterId>> RouterGraph::unreachable_pair() const {
  std::vector<Ends> reversed;
  for (const Link& link : router_links()) reversed.emplace_back(index(link.to), index(link.from));
  const auto there = hops_from(impl_->graph, index(host_router));
  const auto back = hops_from(make_graph(std::move(reversed), router_count()), index(host_router));
  for (std::uint32_t router = 0; router < router_count(); ++router) {
    if (!has_port(RouterId{router})) continue;
    if (there[router] == unreachable) return std::pair(host_router, RouterId{router});
    if (back[router] == unreachable) return std::pair(RouterId{router}, host_router);
  }
  return std::nullopt;
}

std::vector<LinkId> RouterGraph::shortest_paths(RouterId source,
                                                std::span<const Duration> latency) const {
  const BoostGraph& graph = impl_->graph;
  std::vector<Length> lengths(router_count());
  std::vector<Length> steps;
  for (const Duration& duration : latency) steps.push_back({duration.count(), 1});
  const auto vertex_index = boost::get(boost::vertex_index, graph);
  const auto edge_index = boost::get(boost::edge_index, graph);
  boost::dijkstra_shortest_paths(
      graph, index(source),
      boost::distance_map(boost::make_iterator_property_map(lengths.begin(), vertex_index))
          .weight_map(boost::make_iterator_property_map(steps.begin(), edge_index))
          .distance_inf(endless)
          .distance_zero(Length{})
          .distance_compare(std::less<>())
          .distance_combine(std::plus<>()));
  std::vector<LinkId> last(router_count(), no_link);
  for (std::uint32_t id = impl_->first_local_link; id-- > 0;) {  // the smallest id is left standing
    const Link& link = impl_->links[id];
    const Length before = lengths[index(link.from)];
    if (before == endless || link.to == source) continue;
    if (before + steps[id] == lengths[index(link.to)]) last[index(link.to)] = LinkId{id};
  }
  return last;
}

}  // namespace synfire
