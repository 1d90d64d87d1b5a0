// SPDX-License-Identifier: Apache-2.0
#include "tests/support/synthetic_traffic.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "sim/random.hpp"
#include "topology/network_on_chip.hpp"

namespace synfire::test {
namespace {

template <typename Queue>
class TrafficDriver {
 public:
  TrafficDriver(const RouterGraph& graph, const ChipDescription& chip,
                std::span<const MulticastNode> nodes, std::span<const SyntheticPacket> packets,
                const TrafficOptions& options)
      : graph_(graph),
        nodes_(nodes),
        packets_(packets),
        options_(options),
        virtual_channels_(static_cast<std::size_t>(chip.routing.virtual_channels)),
        kernel_(static_cast<std::uint32_t>(graph.core_count() + 1 + graph.links().size())),
        network_(graph, chip, packet_bits(chip.format), nodes, kernel_, *this),
        input_queues_(graph.links().size() * virtual_channels_, 0),
        input_free_(graph.links().size()) {
    for (const LinkId link : options.dead_links) network_.kill(link);
    if (options.foresees) foresee_deliveries();
  }

  TrafficRun run() {
    inject_some();
    while (!kernel_.is_idle()) {
      kernel_.step([this](const Event& event) { handle(event); });
    }
    run_.link_use.assign(network_.link_use().begin(), network_.link_use().end());
    run_.in_flight = network_.in_flight();
    for (std::uint32_t core = 0; core <= graph_.core_count(); ++core) {
      run_.backlog += network_.port_backlog(core);
    }
    run_.events = kernel_.event_count();
    run_.max_buffered = network_.max_buffered();
    run_.blocked = network_.blocked();
    run_.end = std::max(run_.end, kernel_.now());
    return std::move(run_);
  }

  // The network's sink.
  void crossed(const Packet&, LinkId) { ++run_.crossings; }
  void port_ready(std::uint32_t) {}
  void lost(const Packet& packet, std::uint32_t node, TimePoint at) {
    run_.losses.push_back({at, packet.neuron, node});
  }
  void deliver(const Packet& packet, TimePoint at) {
    if (options_.keeps_deliveries) run_.deliveries.push_back({at, packet.neuron, packet.node});
    run_.end = std::max(run_.end, at);
    const Channel channel = nodes_[packet.node].channel;
    if (!is_input_queue(packet, channel)) return;
    run_.max_input_queue = std::max(run_.max_input_queue, ++input_queue(channel));
    TimePoint& free = input_free_[index(channel.link)];
    free = std::max(free, at) + options_.read_latency;
    kernel_.schedule(free, Phase::process, core_count() + 1 + index(channel.link), read,
                     packet.node);
  }

 private:
  enum Kind : std::uint32_t { feed = first_engine_kind, read };
  static constexpr std::size_t feed_size = 64;

  std::uint32_t core_count() const { return graph_.core_count(); }
  std::int64_t& input_queue(Channel channel) {
    return input_queues_[index(channel.link) * virtual_channels_ + channel.virtual_channel];
  }
  bool is_input_queue(const Packet& packet, Channel channel) const {
    return packet.node != packets_[packet.neuron].root &&
           graph_.links()[index(channel.link)].kind == LinkKind::ejection &&
           channel.link != graph_.ejection_link(host_core);
  }

  void foresee_deliveries() {
    std::vector<bool> sends_to_itself(core_count() + 1, false);
    for (const SyntheticPacket& packet : packets_) {
      if (nodes_[packet.root].destination != no_destination) sends_to_itself[packet.core] = true;
    }
    for (std::uint32_t core = 0; core <= core_count(); ++core) {
      if (!sends_to_itself[core]) network_.foresee_deliveries(core);
    }
  }

  /// Injects packets in portions, so that the event queue stays short.
  void inject_some() {
    const std::size_t end = std::min(next_ + feed_size, packets_.size());
    for (; next_ < end; ++next_) {
      const SyntheticPacket& synthetic = packets_[next_];
      Packet packet;
      packet.neuron = static_cast<std::uint32_t>(next_);
      packet.kind = synthetic.kind;
      packet.size = static_cast<std::uint16_t>(size_class(synthetic.kind));
      network_.inject(synthetic.core, packet, synthetic.root, synthetic.ready);
    }
    if (next_ == packets_.size()) return;
    kernel_.schedule(packets_[next_ - 1].ready, Phase::transfer, 0, feed, 0);
  }

  void handle(const Event& event) {
    if (event.kind() == feed) {
      inject_some();
    } else if (event.kind() == read) {
      const std::uint32_t node = event.argument();
      --input_queue(nodes_[node].channel);
      network_.return_credit(node, kernel_.now());
    } else {
      network_.handle(event);
    }
  }

  const RouterGraph& graph_;
  std::span<const MulticastNode> nodes_;
  std::span<const SyntheticPacket> packets_;
  const TrafficOptions& options_;
  std::size_t virtual_channels_;
  std::size_t next_ = 0;
  Kernel<Queue> kernel_;
  TrafficRun run_;
  NetworkOnChip<Queue, TrafficDriver> network_;
  std::vector<std::int64_t> input_queues_;
  std::vector<TimePoint> input_free_;
};

std::uint32_t pick(RandomStream& random, std::uint32_t low, std::uint32_t high) {
  return low + static_cast<std::uint32_t>(random.below(high - low + 1));
}

LinkDescription random_link(RandomStream& random) {
  constexpr std::array<std::int64_t, 4> bandwidths = {0, 900, 7'000, 64'000};
  return {picoseconds(pick(random, 1, 3'000)), bandwidths[random.below(bandwidths.size())]};
}

ChipDescription random_network_chip(RandomStream& random) {
  ChipDescription chip = network_chip();
  chip.horizontal = random_link(random);
  chip.vertical = random_link(random);
  chip.local = random_link(random);
  chip.host.megabits_per_second = random_link(random).megabits_per_second;
  chip.format.spike_packet_bits = pick(random, 1, 40);
  chip.format.graded_packet_bits = pick(random, 1, 80);
  chip.format.control_packet_bits = pick(random, 1, 40);
  chip.routing.virtual_channels = pick(random, 1, 4);
  chip.flow_control = {FlowControl::credit, pick(random, 1, 4), picoseconds(pick(random, 1, 900))};
  chip.neurocore.input_queue = pick(random, 1, 4);
  return chip;
}

CoreId core_id(const RouterGraph& graph, std::uint32_t core) {
  return core == graph.core_count() ? host_core : CoreId{core};
}

/// Roots of trees from `core`, to any destinations or to one of few; on one virtual channel.
std::vector<std::uint32_t> random_roots(RandomStream& random, RandomTraffic& traffic,
                                        std::uint32_t core, std::uint32_t destinations) {
  const auto channel = static_cast<std::uint8_t>(
      random.below(static_cast<std::uint64_t>(traffic.chip.routing.virtual_channels)));
  std::vector<std::uint32_t> roots;
  for (int i = 0; i < 3; ++i) {
    const std::uint32_t count = random.below(2) == 0 ? 1 : pick(random, 1, 8);
    std::vector<RoutedDestination> routes;
    for (std::uint32_t d = 0; d < count; ++d) {
      const std::uint32_t to = pick(random, 0, destinations);
      if (std::ranges::count(routes, to, &RoutedDestination::second) != 0) continue;
      const CoreId from = core_id(traffic.graph, core);
      routes.emplace_back(
          to == core ? Route{}
                     : mesh_route(traffic.graph, from, core_id(traffic.graph, to), channel),
          to);
    }
    roots.push_back(append_tree(traffic.nodes, routes));
  }
  return roots;
}

}  // namespace

TrafficRun run_traffic(const RouterGraph& graph, const ChipDescription& chip,
                       std::span<const MulticastNode> nodes,
                       std::span<const SyntheticPacket> packets, const TrafficOptions& options) {
  if (options.queue == QueueKind::binary_heap) {
    return TrafficDriver<BinaryHeapQueue>(graph, chip, nodes, packets, options).run();
  }
  return TrafficDriver<RadixHeapQueue>(graph, chip, nodes, packets, options).run();
}

ChipDescription network_chip() {
  const LinkDescription link{picoseconds(1'000), 100'000};
  ChipDescription chip;
  chip.horizontal = chip.vertical = chip.local = chip.board_link = link;
  chip.host = {picoseconds(1'000), 100'000};
  chip.format.spike_packet_bits = 32;
  chip.format.graded_packet_bits = 64;
  chip.format.control_packet_bits = 24;
  chip.routing.virtual_channels = 1;
  chip.flow_control = {FlowControl::infinite, 1, picoseconds(1)};
  chip.neurocore.input_queue = 1;
  return chip;
}

Route mesh_route(const RouterGraph& graph, CoreId from, CoreId to, std::uint8_t virtual_channel) {
  Route route = {{graph.injection_link(from), virtual_channel}};
  const RouterId goal = graph.router_of(to);
  RouterId here = graph.router_of(from);
  while (here != goal) {
    std::uint32_t x = graph.x_of(here);
    std::uint32_t y = graph.y_of(here);
    if (x != graph.x_of(goal)) {
      x = x < graph.x_of(goal) ? x + 1 : x - 1;
    } else {
      y = y < graph.y_of(goal) ? y + 1 : y - 1;
    }
    std::uint32_t next = 0;
    while (graph.x_of(RouterId{next}) != x || graph.y_of(RouterId{next}) != y) ++next;
    route.push_back({graph.link_between(here, RouterId{next}), virtual_channel});
    here = RouterId{next};
  }
  route.push_back({graph.ejection_link(to), virtual_channel});
  return route;
}

Route shortest_route(const RouterGraph& graph, CoreId from, CoreId to,
                     std::uint8_t virtual_channel) {
  const std::vector<Duration> latency(graph.router_links().size(), Duration{1});
  const auto last_links = graph.shortest_paths(graph.router_of(from), latency);
  Route route = {{graph.ejection_link(to), virtual_channel}};
  for (RouterId here = graph.router_of(to); here != graph.router_of(from);) {
    const LinkId link = last_links[index(here)];
    route.push_back({link, virtual_channel});
    here = graph.links()[index(link)].from;
  }
  route.push_back({graph.injection_link(from), virtual_channel});
  std::ranges::reverse(route);
  return route;
}

RouterGraph random_graph(std::uint64_t seed) {
  RandomStream random(seed, 11);
  std::vector<Router> routers(pick(random, 2, 20));
  for (Router& router : routers) router.cores = pick(random, 1, 3);
  const auto count = static_cast<std::uint32_t>(routers.size());
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint32_t i = count - 1; i > 0; --i) std::swap(order[i], order[random.below(i + 1)]);
  std::vector<Link> links;
  const auto add = [&](std::uint32_t from, std::uint32_t to) {
    const bool is_there = std::ranges::any_of(links, [&](const Link& link) {
      return link.from == RouterId{from} && link.to == RouterId{to};
    });
    if (from != to && !is_there) {
      links.push_back({.from = RouterId{from}, .to = RouterId{to}, .kind = LinkKind::horizontal});
    }
  };
  for (std::uint32_t i = 0; i < count; ++i) add(order[i], order[(i + 1) % count]);
  for (std::uint32_t i = pick(random, 0, 2 * count); i > 0; --i) {
    add(pick(random, 0, count - 1), pick(random, 0, count - 1));
  }
  return {routers, links};
}

RandomTraffic random_traffic(std::uint64_t seed, std::size_t count) {
  RandomStream random(seed, 7);
  RandomTraffic traffic{
      RouterGraph::mesh(pick(random, 1, 5), pick(random, 1, 4), pick(random, 1, 3)),
      random_network_chip(random),
      {},
      {},
      picoseconds(pick(random, 0, 3'000))};
  const std::uint32_t cores = traffic.graph.core_count();
  const std::uint32_t destinations = random.below(3) == 0 ? std::min(cores, 2U) : cores;
  std::vector<std::vector<std::uint32_t>> roots;
  for (std::uint32_t core = 0; core <= cores; ++core) {
    roots.push_back(random_roots(random, traffic, core, destinations));
  }
  fill_zero_load(traffic.nodes, link_timings(traffic.graph, traffic.chip));
  const std::uint32_t gap = std::uint32_t{1} << random.below(14);  // ps: from flood to trickle
  TimePoint now{};
  for (std::size_t i = 0; i < count; ++i) {
    now += picoseconds(static_cast<std::int64_t>(random.below(gap)));
    const std::uint32_t core = pick(random, 0, cores);
    traffic.packets.push_back({now, core, roots[core][random.below(roots[core].size())],
                               static_cast<PacketKind>(random.below(4))});
  }
  return traffic;
}

}  // namespace synfire::test
