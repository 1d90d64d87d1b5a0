// SPDX-License-Identifier: Apache-2.0
#include "topology/channel_dependency.hpp"

#include <algorithm>
#include <bit>
#include <memory>

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/depth_first_search.hpp>

#include "sim/error.hpp"
#include "topology/detail/route_tree.hpp"

namespace synfire {
namespace {

using BoostGraph =
    boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                       boost::no_property, std::uint32_t, std::uint32_t>;

constexpr std::uint32_t word_bits = 64;
constexpr std::uint64_t most_pairs = std::uint64_t{1} << 26;  // of routers: about a second
constexpr std::uint32_t most_virtual_channels = 8;
constexpr std::size_t longest_chain = 16;  // routers in a message

/// Ends the search at the first edge that closes a cycle.
struct CycleFound {
  std::uint32_t last;
  std::uint32_t first;
};

class CycleVisitor : public boost::default_dfs_visitor {
 public:
  explicit CycleVisitor(std::vector<std::uint32_t>& parents) : parents_(&parents) {}

  void tree_edge(BoostGraph::edge_descriptor edge, const BoostGraph& graph) {
    (*parents_)[boost::target(edge, graph)] = boost::source(edge, graph);
  }
  void back_edge(BoostGraph::edge_descriptor edge, const BoostGraph& graph) {
    throw CycleFound{boost::source(edge, graph), boost::target(edge, graph)};
  }

 private:
  std::vector<std::uint32_t>* parents_;
};

std::uint64_t router_pairs(const RouterGraph& graph) {
  std::uint64_t ports = 0;
  for (std::uint32_t router = 0; router < graph.router_count(); ++router) {
    ports += graph.has_port(RouterId{router}) ? 1 : 0;
  }
  return ports * graph.router_count();
}

/// `5 (2, 1) -> 6 (3, 1) -> 5 (2, 1)`, the middle left out if it is long.
std::string chain(const RouterGraph& graph, const std::vector<Channel>& cycle) {
  const auto router = [&](std::size_t i) {
    return graph.label(graph.links()[index(cycle[i % cycle.size()].link)].from);
  };
  std::string text = router(0);
  for (std::size_t i = 1; i <= cycle.size(); ++i) {
    if (cycle.size() > longest_chain && i == longest_chain) {
      text += " -> ... (" + std::to_string(cycle.size() - i) + " more)";
      i = cycle.size();
    }
    text += " -> " + router(i);
  }
  return text;
}

/// `3 virtual channels, `, or nothing if no allowed number frees the graph of cycles.
std::string enough_channels(const RouterGraph& graph, ChipDescription chip) {
  chip.routing.virtual_channels = most_virtual_channels;
  const auto routing = make_routing(graph, chip);
  if (!ChannelDependencies::of(*routing).find_cycle().empty()) return "";
  return "routing.virtual_channels=" + std::to_string(routing->virtual_channels()) + ", ";
}

}  // namespace

ChannelDependencies::ChannelDependencies(const RouterGraph& graph, std::uint32_t virtual_channels)
    : graph_(&graph), virtual_channels_(virtual_channels) {
  std::vector<std::uint32_t> entering(graph.router_count(), 0);
  for (const Link& link : graph.router_links()) {
    place_at_target_.push_back(entering[index(link.to)]++);
  }
  std::uint64_t bits = 0;
  for (std::uint32_t router = 0; router < graph.router_count(); ++router) {
    first_bit_.push_back(bits);
    const auto [begin, end] = graph.links_from(RouterId{router});
    bits += std::uint64_t{entering[router]} * virtual_channels * (end - begin) * virtual_channels;
  }
  bits_.assign((bits + word_bits - 1) / word_bits, 0);
}

ChannelDependencies ChannelDependencies::of(const Routing& routing) {
  const RouterGraph& graph = routing.graph();
  ChannelDependencies dependencies(graph, routing.virtual_channels());
  std::vector<bool> seen;
  for (std::uint32_t source = 0; source < graph.router_count(); ++source) {
    if (!graph.has_port(RouterId{source})) continue;
    detail::visit_route_tree(
        graph, RouterId{source}, seen,
        [&](RouterId router) { return routing.arrival(RouterId{source}, router); },
        [](Channel channel) { return channel.link; },
        [&](Channel first, Channel second) { dependencies.insert(first, second); });
  }
  return dependencies;
}

std::uint64_t ChannelDependencies::bit(Channel first, Channel second) const {
  const RouterId router = graph_->links()[index(first.link)].to;
  const auto [begin, end] = graph_->links_from(router);
  SYNFIRE_ASSERT(index(second.link) >= begin && index(second.link) < end,
                 "channels that do not follow each other");
  const std::uint64_t row = std::uint64_t{place_at_target_[index(first.link)]} * virtual_channels_ +
                            first.virtual_channel;
  const std::uint64_t column =
      std::uint64_t{index(second.link) - begin} * virtual_channels_ + second.virtual_channel;
  return first_bit_[index(router)] + row * (end - begin) * virtual_channels_ + column;
}

bool ChannelDependencies::insert(Channel first, Channel second) {
  const std::uint64_t place = bit(first, second);
  const std::uint64_t mask = std::uint64_t{1} << (place % word_bits);
  const bool is_new = (bits_[place / word_bits] & mask) == 0;
  bits_[place / word_bits] |= mask;
  return is_new;
}

void ChannelDependencies::erase(Channel first, Channel second) {
  const std::uint64_t place = bit(first, second);
  bits_[place / word_bits] &= ~(std::uint64_t{1} << (place % word_bits));
}

std::uint32_t ChannelDependencies::node(Channel channel) const {
  return index(channel.link) * virtual_channels_ + channel.virtual_channel;
}

template <typename Visit>
void ChannelDependencies::visit_edges(Visit visit) const {
  const auto channel = [&](std::uint64_t number) {
    return Channel{LinkId{static_cast<std::uint32_t>(number / virtual_channels_)},
                   static_cast<std::uint8_t>(number % virtual_channels_)};
  };
  const std::uint64_t nodes = graph_->router_links().size() * std::uint64_t{virtual_channels_};
  for (std::uint64_t number = 0; number < nodes; ++number) {
    const Channel first = channel(number);
    const auto [begin, end] = graph_->links_from(graph_->links()[index(first.link)].to);
    if (begin == end) continue;
    const std::uint64_t leaving = std::uint64_t{begin} * virtual_channels_;
    const std::uint64_t row = bit(first, channel(leaving));
    for (std::uint64_t i = 0; i < std::uint64_t{end - begin} * virtual_channels_;) {
      const std::uint64_t place = row + i;
      const std::uint64_t rest = bits_[place / word_bits] >> (place % word_bits);
      if (rest == 0) {
        i += word_bits - place % word_bits;
        continue;
      }
      i += static_cast<std::uint64_t>(std::countr_zero(rest));
      if (i >= std::uint64_t{end - begin} * virtual_channels_) break;
      visit(first, channel(leaving + i));
      ++i;
    }
  }
}

std::vector<ChannelDependencies::Edge> ChannelDependencies::edges() const {
  std::vector<Edge> edges;
  visit_edges([&](Channel first, Channel second) { edges.emplace_back(first, second); });
  return edges;
}

std::vector<Channel> ChannelDependencies::find_cycle() const {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  visit_edges(
      [&](Channel first, Channel second) { edges.emplace_back(node(first), node(second)); });
  const std::size_t nodes = graph_->router_links().size() * virtual_channels_;
  const BoostGraph graph(boost::edges_are_sorted, edges.begin(), edges.end(), nodes);
  std::vector<std::uint32_t> parents(nodes, 0);
  std::vector<boost::default_color_type> colors(nodes, boost::white_color);
  std::vector<Channel> cycle;
  try {
    boost::depth_first_search(
        graph, CycleVisitor(parents),
        boost::make_iterator_property_map(colors.begin(), boost::get(boost::vertex_index, graph)));
  } catch (const CycleFound& found) {
    for (std::uint32_t at = found.last;; at = parents[at]) {
      cycle.push_back(
          {LinkId{at / virtual_channels_}, static_cast<std::uint8_t>(at % virtual_channels_)});
      if (at == found.first) break;
    }
    std::ranges::reverse(cycle);
  }
  return cycle;
}

void check_deadlock_freedom(const RouterGraph& graph, const Routing& routing,
                            const ChipDescription& chip) {
  if (chip.flow_control.kind != FlowControl::credit || !chip.routing.is_checked) return;
  if (router_pairs(graph) > most_pairs) {
    if (routing.is_proven_free_of_deadlock()) return;
    throw ConfigError("routing.deadlock_check",
                      std::to_string(graph.router_count()) +
                          " routers are too many to search their routes for deadlock; set "
                          "routing.deadlock_check=off or flow_control.kind=infinite");
  }
  const std::vector<Channel> cycle = ChannelDependencies::of(routing).find_cycle();
  if (cycle.empty()) return;
  throw ConfigError("routing.virtual_channels",
                    "with " + std::to_string(chip.routing.virtual_channels) +
                        " packets can wait for each other for ever, along routers " +
                        chain(graph, cycle) + "; set " + enough_channels(graph, chip) +
                        "flow_control.kind=infinite or routing.deadlock_check=off");
}

}  // namespace synfire
