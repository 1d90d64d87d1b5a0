// SPDX-License-Identifier: Apache-2.0
#include "analysis/traffic.hpp"

#include <filesystem>
#include <utility>

namespace synfire {
namespace {

using Extreme = TrafficReport::Extreme;

std::string extent(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

/// The end of a long file name, where names differ.
std::string file_name(const std::string& path) {
  constexpr std::size_t longest = 20;
  const std::string name = std::filesystem::path(path).filename().string();
  return name.size() <= longest ? name : "..." + name.substr(name.size() - longest + 3);
}

std::string describe_topology(const ChipDescription& chip) {
  const GridDescription& grid = chip.grid;
  std::string text(to_string(grid.topology));
  if (grid.topology == TopologyKind::graphml) return "graph " + file_name(grid.graph_file);
  text += " " + extent(grid.width, grid.height);
  const BoardDescription& board = chip.board;
  if (board.columns * board.rows > 1) text += " on " + extent(board.columns, board.rows) + " chips";
  return text;
}

/// The core that an injection or ejection link belongs to; they follow the routers' links.
std::string port_of(const RouterGraph& graph, LinkId link) {
  const auto port = (index(link) - graph.router_links().size()) / 2;
  return port < graph.core_count() ? "neurocore " + std::to_string(port) : "the host";
}

std::string describe_core(const RouterGraph& graph, std::size_t core) {
  return core < graph.core_count() ? "neurocore " + std::to_string(core) : "the host";
}

/// Keeps the candidate if it is larger than what is known, and above zero.
template <typename Value>
void keep_larger(std::optional<Extreme>& known, Value Extreme::*member, Extreme candidate) {
  if (candidate.*member <= Value{}) return;
  if (!known || (*known).*member < candidate.*member) known = std::move(candidate);
}

void add_link(TrafficReport& report, const RouterGraph& graph, LinkId id, const LinkUse& use,
              Duration time) {
  const std::int64_t packets = use.packets + use.control_packets;
  if (packets == 0) return;
  Extreme link{.place = describe_link(graph, id), .packets = use.max_queue_depth};
  link.share = time.count() == 0
                   ? 0
                   : static_cast<double>(use.busy.count()) / static_cast<double>(time.count());
  link.time = use.waiting / packets;
  keep_larger(report.busiest_link, &Extreme::share, link);
  keep_larger(report.slowest_link, &Extreme::time, link);
  keep_larger(report.deepest_queue, &Extreme::packets, link);
}

void add_core(TrafficReport& report, const std::string& place, const NeurocoreUse& use) {
  report.stalled += use.stalled;
  keep_larger(report.most_stalled, &Extreme::time, {.place = place, .time = use.stalled});
  keep_larger(report.deepest_queue, &Extreme::packets,
              {.place = place, .packets = use.max_queue_depth});
}

}  // namespace

std::string describe_network(const ChipDescription& chip) {
  std::string text = describe_topology(chip);
  text += std::string("; ") + (chip.routing.kind == RoutingKind::xy ? "xy" : "shortest path");
  if (chip.flow_control.kind == FlowControl::infinite) {
    text += "; unlimited queues";
  } else {
    text += "; credit, " + std::to_string(chip.flow_control.buffer_depth) + " a buffer";
    if (chip.routing.virtual_channels > 1) {
      text += ", " + std::to_string(chip.routing.virtual_channels) + " virtual channels";
    }
  }
  return text + (chip.multicast == Multicast::unicast ? "; unicast" : "; tree multicast");
}

std::string describe_link(const RouterGraph& graph, LinkId id) {
  const Link& link = graph.links()[index(id)];
  if (link.kind == LinkKind::injection) return "link from " + port_of(graph, id);
  if (link.kind == LinkKind::ejection) return "link to " + port_of(graph, id);
  return "link " + graph.label(link.from) + " to " + graph.label(link.to);
}

TrafficReport traffic_report(const SimulationTotals& totals, const RouterGraph& graph,
                             const ChipDescription& chip) {
  TrafficReport report;
  report.network = describe_network(chip);
  report.chips = chip.board.columns * chip.board.rows;
  report.routers = graph.router_count();
  report.neurocores = graph.core_count();
  report.router_links = static_cast<std::int64_t>(graph.router_links().size());
  if (totals.arrivals > 0) report.mean_waiting = totals.waiting / totals.arrivals;
  const Duration time = totals.now.time_since_epoch();
  for (std::uint32_t i = 0; i < totals.link_use.size(); ++i) {
    add_link(report, graph, LinkId{i}, totals.link_use[i], time);
  }
  for (std::size_t i = 0; i < totals.core_use.size(); ++i) {
    add_core(report, describe_core(graph, i), totals.core_use[i]);
  }
  return report;
}

}  // namespace synfire
