// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/synthetic_traffic.hpp"
#include "topology/network_on_chip.hpp"

namespace synfire::test {
namespace {

constexpr int cases = 120;
constexpr std::size_t packets_a_case = 600;

TrafficRun run(const RandomTraffic& traffic, QueueKind queue = QueueKind::radix_heap,
               std::vector<LinkId> dead_links = {}) {
  return run_traffic(
      traffic.graph, traffic.chip, traffic.nodes, traffic.packets,
      {.queue = queue, .dead_links = std::move(dead_links), .read_latency = traffic.read_latency});
}

std::size_t deliveries_due(const RandomTraffic& traffic) {
  std::size_t due = 0;
  for (const auto& packet : traffic.packets) due += traffic.nodes[packet.root].leaves;
  return due;
}

/// Nodes at and below `node` that are destinations.
void collect_destinations(const RandomTraffic& traffic, std::uint32_t node,
                          std::set<std::uint32_t>& found) {
  const MulticastNode& here = traffic.nodes[node];
  if (here.destination != no_destination) found.insert(node);
  for (std::uint32_t i = 0; i < here.child_count; ++i) {
    collect_destinations(traffic, here.first_child + i, found);
  }
}

/// Every destination of every packet is delivered once or lost once, and nowhere else.
void check_all_arrive_once(const RandomTraffic& traffic, const TrafficRun& run) {
  std::vector<std::set<std::uint32_t>> open(traffic.packets.size());
  for (std::size_t i = 0; i < open.size(); ++i) {
    collect_destinations(traffic, traffic.packets[i].root, open[i]);
  }
  for (const auto& delivery : run.deliveries) {
    REQUIRE(open[delivery.packet].erase(delivery.node) == 1);
  }
  for (const auto& loss : run.losses) {
    std::set<std::uint32_t> lost;
    collect_destinations(traffic, loss.node, lost);
    REQUIRE(lost.size() == traffic.nodes[loss.node].leaves);
    for (const std::uint32_t node : lost) REQUIRE(open[loss.packet].erase(node) == 1);
  }
  for (const auto& left : open) REQUIRE(left.empty());
}

/// Packets of one sender on one virtual channel reach one destination in the order of sending.
void check_order(const RandomTraffic& traffic, const TrafficRun& run) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> last;
  for (const auto& delivery : run.deliveries) {
    const std::uint32_t from = traffic.packets[delivery.packet].core;
    const std::uint32_t to = traffic.nodes[delivery.node].destination;
    const auto [before, is_new] = last.try_emplace({from, to}, delivery.packet);
    REQUIRE((is_new || before->second < delivery.packet));
    before->second = delivery.packet;
  }
}

void check_times(const RandomTraffic& traffic, const TrafficRun& run) {
  Duration beyond_zero_load{};
  bool is_unicast = true;
  for (const auto& delivery : run.deliveries) {
    const SyntheticPacket& packet = traffic.packets[delivery.packet];
    const Duration waiting = delivery.when - packet.ready -
                             traffic.nodes[delivery.node].zero_load[size_class(packet.kind)];
    REQUIRE(waiting >= Duration{0});
    beyond_zero_load += waiting;
    is_unicast = is_unicast && traffic.nodes[packet.root].leaves == 1;
  }
  Duration waiting{};
  std::int64_t crossings = 0;
  for (const LinkUse& use : run.link_use) {
    waiting += use.waiting;
    crossings += use.packets + use.control_packets;
    REQUIRE(use.busy <= run.end - TimePoint{});
    REQUIRE((use.max_queue_depth > 0) == (use.packets + use.control_packets > 0));
  }
  REQUIRE(crossings == run.crossings);
  if (is_unicast) REQUIRE(waiting == beyond_zero_load);
}

/// What every destination gets, in order.
std::map<std::uint32_t, std::vector<TrafficRun::Arrival>> by_destination(
    const RandomTraffic& traffic, const TrafficRun& run) {
  std::map<std::uint32_t, std::vector<TrafficRun::Arrival>> arrivals;
  for (const auto& delivery : run.deliveries) {
    arrivals[traffic.nodes[delivery.node].destination].push_back(delivery);
  }
  return arrivals;
}

/// Replaces every tree by one of its branches, so that no packet is copied.
void prune_to_unicast(RandomTraffic& traffic) {
  for (MulticastNode& node : traffic.nodes) {
    if (node.child_count != 0) {
      node.child_count = 1;
      node.destination = no_destination;
    }
  }
  for (std::size_t i = traffic.nodes.size(); i-- > 0;) {
    MulticastNode& node = traffic.nodes[i];
    node.leaves = node.child_count == 0 ? 1 : traffic.nodes[node.first_child].leaves;
  }
}

}  // namespace

TEST_CASE("Network: at any load every packet arrives once, in order, and no buffer overflows") {
  for (std::uint64_t i = 0; i < cases; ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("seed " << seed);
    RandomTraffic traffic = random_traffic(seed, packets_a_case);
    if (i % 3 == 0) prune_to_unicast(traffic);
    for (const FlowControl flow : {FlowControl::credit, FlowControl::infinite}) {
      traffic.chip.flow_control.kind = flow;
      const TrafficRun result = run(traffic);
      INFO("credit " << (flow == FlowControl::credit) << ' ' << result.blocked);
      REQUIRE(result.deliveries.size() == deliveries_due(traffic));
      REQUIRE(result.losses.empty());
      REQUIRE(result.in_flight == 0);
      REQUIRE(result.backlog == 0);
      REQUIRE(result.blocked.empty());
      check_all_arrive_once(traffic, result);
      check_order(traffic, result);
      check_times(traffic, result);
      if (flow == FlowControl::infinite) continue;
      REQUIRE(result.max_buffered <= traffic.chip.flow_control.buffer_depth);
      REQUIRE(result.max_input_queue <= traffic.chip.neurocore.input_queue);
    }
  }
}

TEST_CASE("Network: ample buffers give the times of infinite ones") {
  for (std::uint64_t i = 0; i < cases / 4; ++i) {
    const std::uint64_t seed = base_seed() + 1'000 + i;
    INFO("seed " << seed);
    // One sender, one destination: no other packet can be first in a buffer.
    RandomTraffic traffic = random_traffic(seed, packets_a_case);
    prune_to_unicast(traffic);
    for (SyntheticPacket& packet : traffic.packets) packet = {packet.ready, 0, 0, packet.kind};
    traffic.chip.flow_control.kind = FlowControl::infinite;
    const TrafficRun infinite = run(traffic);
    traffic.chip.flow_control = {FlowControl::credit, packets_a_case, picoseconds(1)};
    traffic.chip.neurocore.input_queue = packets_a_case;
    const TrafficRun credit = run(traffic);
    REQUIRE(infinite.deliveries == credit.deliveries);
  }
}

TEST_CASE("Network: both event queues give the same times") {
  for (std::uint64_t i = 0; i < cases / 4; ++i) {
    const std::uint64_t seed = base_seed() + 2'000 + i;
    INFO("seed " << seed);
    RandomTraffic traffic = random_traffic(seed, packets_a_case);
    for (const FlowControl flow : {FlowControl::credit, FlowControl::infinite}) {
      traffic.chip.flow_control.kind = flow;
      const TrafficRun binary = run(traffic, QueueKind::binary_heap);
      const TrafficRun radix = run(traffic, QueueKind::radix_heap);
      REQUIRE(binary.deliveries == radix.deliveries);
      REQUIRE(binary.events == radix.events);
      REQUIRE(binary.end == radix.end);
    }
  }
}

TEST_CASE("Network: deliveries told when they are foreseen are those that happen, in their order") {
  for (std::uint64_t i = 0; i < cases / 2; ++i) {
    const std::uint64_t seed = base_seed() + 5'000 + i;
    INFO("seed " << seed);
    RandomTraffic traffic = random_traffic(seed, packets_a_case);
    traffic.chip.flow_control.kind = FlowControl::infinite;
    const TrafficRun happened = run(traffic);
    const TrafficRun foreseen =
        run_traffic(traffic.graph, traffic.chip, traffic.nodes, traffic.packets,
                    {.read_latency = traffic.read_latency, .foresees = true});
    REQUIRE(by_destination(traffic, happened) == by_destination(traffic, foreseen));
    REQUIRE(happened.link_use == foreseen.link_use);
    REQUIRE(happened.end == foreseen.end);
    REQUIRE(foreseen.events <= happened.events);
  }
}

// A packet is an event at every router that it passes; composed and delivered it is none. The
// driver itself has one a packet that is read, and one a portion of packets that it injects.
TEST_CASE("Network: without credits a packet costs one event for each router on its way") {
  for (std::uint64_t i = 0; i < cases / 4; ++i) {
    const std::uint64_t seed = base_seed() + 6'000 + i;
    INFO("seed " << seed);
    RandomTraffic traffic = random_traffic(seed, packets_a_case);
    traffic.chip.flow_control.kind = FlowControl::infinite;
    std::erase_if(traffic.packets, [&](const SyntheticPacket& packet) {
      return traffic.nodes[packet.root].destination != no_destination;
    });
    const TrafficRun result =
        run_traffic(traffic.graph, traffic.chip, traffic.nodes, traffic.packets,
                    {.read_latency = traffic.read_latency, .foresees = true});
    std::int64_t routers = 0;
    std::int64_t reads = 0;
    for (std::uint32_t link = 0; link < result.link_use.size(); ++link) {
      const LinkUse& use = result.link_use[link];
      const bool is_ejection = traffic.graph.links()[link].kind == LinkKind::ejection;
      (is_ejection ? reads : routers) += use.packets + use.control_packets;
    }
    const LinkUse& to_host = result.link_use[index(traffic.graph.ejection_link(host_core))];
    reads -= to_host.packets + to_host.control_packets;
    const auto portions = static_cast<std::int64_t>((traffic.packets.size() - 1) / 64);
    REQUIRE(result.events == routers + reads + portions);
  }
}

TEST_CASE(
    "Network: dead links lose data packets and what is beyond, and let control packets pass") {
  for (std::uint64_t i = 0; i < cases / 2; ++i) {
    const std::uint64_t seed = base_seed() + 3'000 + i;
    INFO("seed " << seed);
    RandomTraffic traffic = random_traffic(seed, packets_a_case);
    RandomStream random(seed, 2);
    std::vector<LinkId> dead;
    for (std::uint32_t link = 0; link < traffic.graph.links().size(); ++link) {
      if (random.below(5) == 0) dead.push_back(LinkId{link});
    }
    std::size_t losses_before = 0;
    for (const FlowControl flow : {FlowControl::credit, FlowControl::infinite}) {
      traffic.chip.flow_control.kind = flow;
      const TrafficRun result = run(traffic, QueueKind::radix_heap, dead);
      REQUIRE(result.in_flight == 0);
      REQUIRE(result.backlog == 0);
      check_all_arrive_once(traffic, result);
      check_order(traffic, result);
      for (const LinkId link : dead) REQUIRE(result.link_use[index(link)].packets == 0);
      for (const auto& loss : result.losses) {
        REQUIRE_FALSE(is_control(traffic.packets[loss.packet].kind));
        REQUIRE(std::ranges::count(dead, traffic.nodes[loss.node].channel.link) == 1);
      }
      if (flow == FlowControl::infinite) REQUIRE(result.losses.size() == losses_before);
      losses_before = result.losses.size();
    }
  }
}

TEST_CASE("Network: a tree crosses no more links than single packets to the same places") {
  for (std::uint64_t i = 0; i < cases / 2; ++i) {
    const std::uint64_t seed = base_seed() + 4'000 + i;
    INFO("seed " << seed);
    const RouterGraph graph = random_graph(seed);
    RandomStream random(seed, 3);
    std::vector<MulticastNode> trees;
    std::vector<MulticastNode> chains;
    std::vector<SyntheticPacket> tree_packets;
    std::vector<SyntheticPacket> chain_packets;
    for (std::uint32_t from = 0; from < graph.core_count(); ++from) {
      std::vector<RoutedDestination> routes;
      for (std::uint32_t to = 0; to < graph.core_count(); ++to) {
        if (random.below(2) == 0) continue;
        routes.emplace_back(
            from == to ? Route{} : shortest_route(graph, CoreId{from}, CoreId{to}, 0), to);
        chain_packets.push_back({{}, from, append_tree(chains, {&routes.back(), 1}), {}});
      }
      if (!routes.empty()) tree_packets.push_back({{}, from, append_tree(trees, routes), {}});
    }
    const TrafficRun tree = run_traffic(graph, network_chip(), trees, tree_packets);
    const TrafficRun unicast = run_traffic(graph, network_chip(), chains, chain_packets);
    REQUIRE(tree.deliveries.size() == unicast.deliveries.size());
    for (std::size_t link = 0; link < tree.link_use.size(); ++link) {
      REQUIRE(tree.link_use[link].packets <= unicast.link_use[link].packets);
    }
  }
}

}  // namespace synfire::test
