// SPDX-License-Identifier: Apache-2.0
#include "topology/network_on_chip.hpp"

#include <catch2/catch.hpp>

#include "tests/support/synthetic_traffic.hpp"

namespace synfire::test {
namespace {

/// Routers 0 -> 1 -> ... -> 0, one neurocore each.
RouterGraph ring(std::uint32_t size) {
  std::vector<Router> routers(size);
  std::vector<Link> links;
  for (std::uint32_t i = 0; i < size; ++i) {
    routers[i].cores = 1;
    links.push_back(
        {.from = RouterId{i}, .to = RouterId{(i + 1) % size}, .kind = LinkKind::horizontal});
  }
  return {routers, links};
}

/// Once around the ring as far as `hops`; with datelines on virtual channel 1 beyond the link from
/// the last router to router 0.
Route ring_route(const RouterGraph& graph, std::uint32_t from, std::uint32_t hops,
                 bool has_dateline) {
  Route route = {{graph.injection_link(CoreId{from}), 0}};
  std::uint8_t channel = 0;
  std::uint32_t here = from;
  for (; hops > 0; --hops) {
    const std::uint32_t next = (here + 1) % graph.router_count();
    route.push_back({graph.link_between(RouterId{here}, RouterId{next}), channel});
    if (has_dateline && next == 0) channel = 1;
    here = next;
  }
  route.push_back({graph.ejection_link(CoreId{here}), channel});
  return route;
}

TrafficRun flood_ring(bool has_dateline, std::uint32_t packets_each) {
  const RouterGraph graph = ring(4);
  ChipDescription chip = network_chip();
  chip.flow_control = {FlowControl::credit, 1, picoseconds(1)};
  chip.routing.virtual_channels = has_dateline ? 2 : 1;
  std::vector<MulticastNode> nodes;
  std::vector<SyntheticPacket> packets;
  for (std::uint32_t from = 0; from < 4; ++from) {
    const std::vector<RoutedDestination> routes = {{ring_route(graph, from, 3, has_dateline), 0}};
    const std::uint32_t root = append_tree(nodes, routes);
    for (std::uint32_t i = 0; i < packets_each; ++i) packets.push_back({{}, from, root, {}});
  }
  return run_traffic(graph, chip, nodes, packets);
}

}  // namespace

TEST_CASE("NetworkOnChip: a cycle of full buffers stops, and its channels are named") {
  const TrafficRun run = flood_ring(false, 20);
  CHECK(run.in_flight > 0);
  CHECK(run.deliveries.size() < 80);
  CHECK(run.blocked ==
        "packets wait in a cycle of channels: router 0 to 1 channel 0 waits for router 1 to 2 "
        "channel 0 waits for router 2 to 3 channel 0 waits for router 3 to 0 channel 0 waits for "
        "router 0 to 1 channel 0");
}

TEST_CASE("NetworkOnChip: with datelines the same load drains") {
  const TrafficRun run = flood_ring(true, 20);
  CHECK(run.in_flight == 0);
  CHECK(run.deliveries.size() == 80);
  CHECK(run.blocked.empty());
}

TEST_CASE("NetworkOnChip: who never empties a buffer is named without a cycle") {
  const std::vector<ChannelWait> waits = {
      {0, 1}, {1, 9}};  // ring 0-3, injection 4, 6, 8, 10, ejection 5-11
  const RouterGraph graph = ring(4);
  CHECK(describe_waits(graph, 1, waits) ==
        "router 1 to 2 channel 0 waits for a place behind router 2 to neurocore 2 channel 0");
}

TEST_CASE("NetworkOnChip: a packet to its own neurocore needs no link") {
  const RouterGraph graph = RouterGraph::mesh(1, 1, 1);
  for (const FlowControl flow : {FlowControl::infinite, FlowControl::credit}) {
    ChipDescription chip = network_chip();
    chip.flow_control.kind = flow;
    std::vector<MulticastNode> nodes;
    const std::vector<RoutedDestination> routes = {{{}, 3},
                                                   {mesh_route(graph, CoreId{0}, host_core, 0), 4}};
    append_tree(nodes, routes);
    const SyntheticPacket packet{TimePoint{picoseconds(70)}, 0, 0, PacketKind::spike};
    const TrafficRun run = run_traffic(graph, chip, nodes, {&packet, 1});
    REQUIRE(run.deliveries.size() == 2);
    CHECK(run.deliveries[0].when == packet.ready);
    CHECK(nodes[run.deliveries[0].node].destination == 3);
    CHECK(run.deliveries[1].when == packet.ready + picoseconds(2'640));
    CHECK(run.in_flight == 0);
    CHECK(run.crossings == 2);
  }
}

TEST_CASE("NetworkOnChip: packets that meet at a link queue up, and the link counts them") {
  const RouterGraph graph = RouterGraph::mesh(1, 1, 1);
  for (const FlowControl flow : {FlowControl::infinite, FlowControl::credit}) {
    ChipDescription chip = network_chip();
    chip.flow_control = {flow, 8, picoseconds(1)};
    std::vector<MulticastNode> nodes;
    const std::vector<RoutedDestination> routes = {{mesh_route(graph, CoreId{0}, host_core, 0), 0}};
    append_tree(nodes, routes);
    // Serialization 320, 640 and 240 ps; the last one comes when the first has just gone. With
    // credits that is an event, and at one time composition comes first.
    const std::int64_t last = flow == FlowControl::infinite ? 320 : 321;
    const std::vector<SyntheticPacket> packets = {
        {TimePoint{picoseconds(0)}, 0, 0, PacketKind::spike},
        {TimePoint{picoseconds(10)}, 0, 0, PacketKind::graded},
        {TimePoint{picoseconds(20)}, 0, 0, PacketKind::end_of_step},
        {TimePoint{picoseconds(last)}, 0, 0, PacketKind::spike}};
    const TrafficRun run = run_traffic(graph, chip, nodes, packets);
    const LinkUse& use = run.link_use[index(graph.injection_link(CoreId{0}))];
    CHECK(use.packets == 3);
    CHECK(use.control_packets == 1);
    CHECK(use.bits == 32 + 64 + 24 + 32);
    CHECK(use.busy == picoseconds(320 + 640 + 240 + 320));
    CHECK(use.max_queue_depth == 3);
    CHECK(use.waiting == picoseconds(0 + (320 - 10) + (960 - 20) + (1'200 - last)));
  }
}

// Input queue, router buffer and the buffer behind the injection link hold a packet each, so that
// the fourth one finds the port free.
TEST_CASE("NetworkOnChip: what blocks one virtual channel does not block the other") {
  const RouterGraph graph = RouterGraph::mesh(3, 1, 1);
  for (const std::uint8_t other : {std::uint8_t{0}, std::uint8_t{1}}) {
    ChipDescription chip = network_chip();
    chip.flow_control = {FlowControl::credit, 1, picoseconds(1)};
    chip.routing.virtual_channels = 2;
    std::vector<MulticastNode> nodes;
    const std::vector<RoutedDestination> near = {{mesh_route(graph, CoreId{0}, CoreId{1}, 0), 0}};
    const std::vector<RoutedDestination> far = {
        {mesh_route(graph, CoreId{0}, CoreId{2}, other), 0}};
    std::vector<SyntheticPacket> packets(3, {TimePoint{}, 0, append_tree(nodes, near), {}});
    const TimePoint ready{picoseconds(100'000)};
    packets.push_back({ready, 0, append_tree(nodes, far), {}});
    TrafficOptions options;
    options.read_latency = picoseconds(1'000'000);
    const TrafficRun run = run_traffic(graph, chip, nodes, packets, options);
    REQUIRE(run.deliveries.size() == 4);
    const auto last = std::ranges::find(run.deliveries, 3U, &TrafficRun::Arrival::packet);
    if (other == 1) {
      CHECK(last->when == ready + picoseconds(5'280));
    } else {
      CHECK(last->when > TimePoint{picoseconds(1'000'000)});
    }
  }
}

// Core 1 reads a packet in 1 us and queues one; core 2 is fast.
TEST_CASE(
    "NetworkOnChip: branches of a fork leave when they can, the place is free after the last") {
  const RouterGraph graph = RouterGraph::mesh(1, 1, 3);
  ChipDescription chip = network_chip();
  chip.flow_control = {FlowControl::credit, 1, picoseconds(70)};
  std::vector<MulticastNode> nodes;
  const std::vector<RoutedDestination> slow = {{mesh_route(graph, CoreId{0}, CoreId{1}, 0), 1}};
  const std::vector<RoutedDestination> both = {slow[0],
                                               {mesh_route(graph, CoreId{0}, host_core, 0), 2}};
  const std::vector<RoutedDestination> fast = {{mesh_route(graph, CoreId{0}, host_core, 0), 2}};
  const std::vector<SyntheticPacket> packets = {
      {TimePoint{}, 0, append_tree(nodes, slow), {}},
      {TimePoint{picoseconds(10'000)}, 0, append_tree(nodes, both), {}},
      {TimePoint{picoseconds(20'000)}, 0, append_tree(nodes, fast), {}}};
  TrafficOptions options;
  options.read_latency = picoseconds(1'000'000);
  const TrafficRun run = run_traffic(graph, chip, nodes, packets, options);
  constexpr std::int64_t hop = 1'320;
  constexpr std::int64_t credit = 70;
  const std::int64_t first_read = 2 * hop + 1'000'000;
  REQUIRE(run.deliveries.size() == 4);
  const auto check = [&](std::size_t i, std::uint32_t packet, std::int64_t when) {
    CHECK(run.deliveries[i].packet == packet);
    CHECK(run.deliveries[i].when == TimePoint{picoseconds(when)});
  };
  check(0, 0, 2 * hop);
  check(1, 1, 10'000 + 2 * hop);           // to the host at once
  check(2, 1, first_read + credit + hop);  // to core 1 when the queue has a place again
  check(3, 2,
        first_read + credit + 320 + credit + 2 * hop);  // credit of the place, injection, ejection
}

namespace {

/// Keeps what the network tells it.
struct RecordingSink {
  std::vector<std::uint32_t> delivered;
  std::vector<std::uint32_t> ready;
  void crossed(const Packet&, LinkId) {}
  void deliver(const Packet& packet, TimePoint) { delivered.push_back(packet.neuron); }
  void lost(const Packet&, std::uint32_t, TimePoint) {}
  void port_ready(std::uint32_t core) { ready.push_back(core); }
};

}  // namespace

TEST_CASE("NetworkOnChip: the port says how many packets wait and when there are fewer") {
  const RouterGraph graph = RouterGraph::mesh(1, 1, 2);
  ChipDescription chip = network_chip();
  chip.flow_control = {FlowControl::credit, 1, picoseconds(1)};
  std::vector<MulticastNode> nodes;
  const std::vector<RoutedDestination> routes = {{mesh_route(graph, CoreId{1}, CoreId{0}, 0), 0}};
  const std::vector<RoutedDestination> itself = {{{}, 0}};
  append_tree(nodes, routes);
  append_tree(nodes, itself);
  Kernel<BinaryHeapQueue> kernel(
      static_cast<std::uint32_t>(graph.core_count() + 1 + graph.links().size()));
  RecordingSink sink;
  NetworkOnChip network(graph, chip, packet_bits(chip.format),
                        std::span<const MulticastNode>(nodes), kernel, sink);
  const auto run = [&] {
    while (!kernel.is_idle()) kernel.step([&](const Event& event) { network.handle(event); });
  };
  Packet packet;
  for (; packet.neuron < 4; ++packet.neuron) {
    network.inject(1, packet, 0, TimePoint{picoseconds(5)});
  }
  REQUIRE(nodes[3].destination == 0);
  network.inject(1, packet, 3, TimePoint{picoseconds(5)});
  CHECK(network.port_backlog(1) == 4);
  CHECK(network.port_backlog(0) == 0);
  run();
  // One in the input queue, one in the router; the neurocore reads nothing.
  CHECK(sink.delivered == std::vector<std::uint32_t>{4, 0});
  CHECK(network.port_backlog(1) == 2);
  CHECK(sink.ready == std::vector<std::uint32_t>{1, 1});
  CHECK(network.blocked() ==
        "neurocore 1 to router 0 channel 0 waits for a place behind router 0 to neurocore 0 "
        "channel 0");
  network.return_credit(3, kernel.now());  // sent to itself: no credit
  CHECK(kernel.is_idle());
  network.return_credit(2, kernel.now());
  run();
  CHECK(sink.delivered == std::vector<std::uint32_t>{4, 0, 1});
  CHECK(network.port_backlog(1) == 1);
  CHECK(network.max_buffered() == 1);
}

// Three neurocores of a tile want the link to the next one, which takes 32 ns for a packet.
TEST_CASE("NetworkOnChip: a link serves requests in their order, whatever the virtual channel") {
  const RouterGraph graph = RouterGraph::mesh(2, 1, 3);
  ChipDescription chip = network_chip();
  chip.horizontal.megabits_per_second = 1'000;
  chip.flow_control = {FlowControl::credit, 4, picoseconds(1)};
  chip.routing.virtual_channels = 2;
  chip.neurocore.input_queue = 4;
  for (const std::uint8_t first : {std::uint8_t{0}, std::uint8_t{1}}) {
    const std::vector<std::uint8_t> channels = {0, first, static_cast<std::uint8_t>(1 - first)};
    Kernel<RadixHeapQueue> kernel(
        static_cast<std::uint32_t>(graph.core_count() + 1 + graph.links().size()));
    RecordingSink sink;
    std::vector<MulticastNode> nodes;
    std::vector<std::uint32_t> roots;
    for (std::uint32_t core = 0; core < 3; ++core) {
      const std::vector<RoutedDestination> routes = {
          {mesh_route(graph, CoreId{core}, CoreId{5}, channels[core]), 0}};
      roots.push_back(append_tree(nodes, routes));
    }
    NetworkOnChip network(graph, chip, packet_bits(chip.format),
                          std::span<const MulticastNode>(nodes), kernel, sink);
    for (std::uint32_t core = 0; core < 3; ++core) {
      Packet packet;
      packet.neuron = core;
      network.inject(core, packet, roots[core], TimePoint{picoseconds(10 * core)});
    }
    while (!kernel.is_idle()) {
      kernel.step([&](const Event& event) { network.handle(event); });
      CHECK(network.blocked().empty());  // who waits for a busy link is not blocked
    }
    CHECK(sink.delivered == std::vector<std::uint32_t>{0, 1, 2});
  }
}

}  // namespace synfire::test
