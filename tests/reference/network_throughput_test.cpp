// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/support/synthetic_traffic.hpp"

namespace synfire::test {
namespace {

constexpr std::uint32_t count = 400;

/// Packets of core 0 to the core of the other tile, all composed at time 0.
TrafficRun flood(const ChipDescription& chip) {
  const RouterGraph graph = RouterGraph::mesh(2, 1, 1);
  std::vector<MulticastNode> nodes;
  const std::vector<RoutedDestination> routes = {{mesh_route(graph, CoreId{0}, CoreId{1}, 0), 0}};
  const std::uint32_t root = append_tree(nodes, routes);
  const std::vector<SyntheticPacket> packets(count, {TimePoint{}, 0, root, PacketKind::spike});
  return run_traffic(graph, chip, nodes, packets);
}

}  // namespace

// A link that always has a packet to send carries one per serialization latency S, so the k-th
// packet is delivered k S after the first.
TEST_CASE("Network: a saturated link carries exactly its bandwidth") {
  for (const FlowControl flow : {FlowControl::infinite, FlowControl::credit}) {
    ChipDescription chip = network_chip();
    chip.flow_control = {flow, 8, picoseconds(1)};
    chip.neurocore.input_queue = 8;
    chip.local.megabits_per_second = 0;
    chip.horizontal.megabits_per_second = 32'000;  // S = 32 bits / 32 Gb/s = 1 ns
    const auto run = flood(chip);
    REQUIRE(run.deliveries.size() == count);
    for (std::uint32_t k = 1; k < count; ++k) {
      REQUIRE(run.deliveries[k].when - run.deliveries[0].when == picoseconds(1'000 * k));
    }
    const LinkUse& use = run.link_use[0];
    CHECK(use.packets == count);
    CHECK(use.bits == 32 * count);
    CHECK(use.busy == picoseconds(1'000 * count));
  }
}

// A credit goes round in R = S + latency (the packet reaches the buffer) + S' (it leaves over the
// next link, which is free) + credit latency. With a buffer of B packets the sender may send B of
// them per R: throughput = min(1, B S / R) of the bandwidth (Dally and Towles 2004, section 13.3:
// the buffer must cover the credit round trip).
TEST_CASE("Network: a buffer smaller than the credit round trip throttles its link by B S / R") {
  for (const std::int64_t next_bandwidth : {std::int64_t{0}, std::int64_t{32'000}}) {
    for (std::uint32_t depth = 1; depth <= 9; ++depth) {
      ChipDescription chip = network_chip();
      chip.flow_control = {FlowControl::credit, depth, picoseconds(700)};
      chip.neurocore.input_queue = 100;
      chip.local = {picoseconds(4'100), 32'000};           // the injection link: S = 1 ns
      chip.horizontal = {picoseconds(1), next_bandwidth};  // S' = 0 or 1 ns
      const std::int64_t serialization = 1'000;
      const std::int64_t next = next_bandwidth == 0 ? 0 : 1'000;
      // The buffer behind the horizontal link empties over the ejection link: its round trip,
      // next + 1 + 1'000 + 700, is shorter, so that it never throttles more than the first does.
      const std::int64_t round_trip = serialization + 4'100 + next + 700;
      const std::int64_t zero_load = 2 * (1'000 + 4'100) + next + 1;
      const auto run = flood(chip);
      REQUIRE(run.deliveries.size() == count);
      INFO("depth " << depth << " next link " << next << " ps");
      for (std::uint32_t k = 0; k < count; ++k) {
        // B packets one after another, then a wait for the credit of the first of them.
        const std::int64_t start = depth * serialization >= round_trip
                                       ? k * serialization
                                       : k / depth * round_trip + k % depth * serialization;
        REQUIRE((run.deliveries[k].when - TimePoint{}).count() == start + zero_load);
      }
    }
  }
}

// As above for a link between routers, in the long run, within one packet.
TEST_CASE("Network: the formula holds for links between routers") {
  for (std::uint32_t depth = 1; depth <= 8; ++depth) {
    ChipDescription chip = network_chip();
    chip.flow_control = {FlowControl::credit, depth, picoseconds(300)};
    chip.neurocore.input_queue = 100;
    chip.local = {picoseconds(1), 0};
    chip.horizontal = {picoseconds(5'000), 32'000};
    const std::int64_t round_trip = 1'000 + 5'000 + 0 + 300;
    const auto run = flood(chip);
    REQUIRE(run.deliveries.size() == count);
    const auto span = (run.deliveries[count - 1].when - run.deliveries[0].when).count();
    const double expected = static_cast<double>(span) *
                            std::min(1.0, 1'000.0 * depth / static_cast<double>(round_trip)) /
                            1'000.0;
    INFO("depth " << depth);
    CHECK(std::abs(expected - (count - 1)) <= std::max(1.0, depth - 1.0));
  }
}

// The neurocore at the far end is the last buffer: it takes a packet every `read_latency`.
TEST_CASE("Network: a slow neurocore throttles its sender, not the host") {
  const RouterGraph graph = RouterGraph::mesh(1, 1, 2);
  ChipDescription chip = network_chip();
  chip.flow_control = {FlowControl::credit, 1, picoseconds(1)};
  chip.neurocore.input_queue = 2;
  std::vector<MulticastNode> nodes;
  const std::vector<RoutedDestination> to_core = {{mesh_route(graph, CoreId{0}, CoreId{1}, 0), 0}};
  const std::vector<RoutedDestination> to_host = {{mesh_route(graph, CoreId{0}, host_core, 0), 0}};
  for (const bool is_host : {false, true}) {
    nodes.clear();
    const std::uint32_t root = append_tree(nodes, is_host ? to_host : to_core);
    const std::vector<SyntheticPacket> packets(count, {TimePoint{}, 0, root, PacketKind::spike});
    TrafficOptions options;
    options.read_latency = picoseconds(50'000);
    const auto run = run_traffic(graph, chip, nodes, packets, options);
    REQUIRE(run.deliveries.size() == count);
    const auto span = run.deliveries[count - 1].when - run.deliveries[count - 11].when;
    if (is_host) {
      CHECK(span < picoseconds(10 * 5'000));
    } else {
      CHECK(span == picoseconds(10 * 50'000));
      CHECK(run.max_input_queue == 2);
    }
  }
}

}  // namespace synfire::test
