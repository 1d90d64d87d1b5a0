// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/synthetic_traffic.hpp"

namespace synfire::test {
namespace {

/// sum over the links of ceil(bits / bandwidth) + latency, from the description alone.
Duration zero_load_by_hand(const RouterGraph& graph, const ChipDescription& chip,
                           const Route& route, PacketKind kind) {
  const std::int64_t bits = kind == PacketKind::spike    ? chip.format.spike_packet_bits
                            : kind == PacketKind::graded ? chip.format.graded_packet_bits
                                                         : chip.format.control_packet_bits;
  std::int64_t sum = 0;
  for (const Channel& channel : route) {
    const LinkKind link = graph.links()[index(channel.link)].kind;
    LinkDescription description = link == LinkKind::horizontal ? chip.horizontal
                                  : link == LinkKind::vertical ? chip.vertical
                                                               : chip.local;
    if (channel.link == graph.injection_link(host_core) ||
        channel.link == graph.ejection_link(host_core)) {
      description.megabits_per_second = chip.host.megabits_per_second;
    }
    const std::int64_t bandwidth = description.megabits_per_second;
    sum += description.latency.count();
    if (bandwidth != 0) sum += (bits * 1'000'000 + bandwidth - 1) / bandwidth;
  }
  return picoseconds(sum);
}

}  // namespace

TEST_CASE("Network: a packet alone takes the sum of serialization and latency of its links") {
  for (std::uint64_t i = 0; i < 60; ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("seed " << seed);
    RandomTraffic traffic = random_traffic(seed, 0);
    RandomStream random(seed, 1);
    const std::uint32_t cores = traffic.graph.core_count();
    for (const FlowControl flow : {FlowControl::infinite, FlowControl::credit}) {
      traffic.chip.flow_control.kind = flow;
      for (int packet = 0; packet < 10; ++packet) {
        const auto any_core = [&] {
          const auto core = static_cast<std::uint32_t>(random.below(cores + 1));
          return core == cores ? host_core : CoreId{core};
        };
        const CoreId from = any_core();
        const CoreId to = any_core();
        const Route route = from == to ? Route{} : mesh_route(traffic.graph, from, to, 0);
        const auto kind = static_cast<PacketKind>(random.below(4));
        const TimePoint ready{picoseconds(static_cast<std::int64_t>(random.below(1'000)))};
        std::vector<MulticastNode> nodes;
        const std::vector<RoutedDestination> routes = {{route, 0}};
        const SyntheticPacket alone{ready, from == host_core ? cores : index(from),
                                    append_tree(nodes, routes), kind};
        const auto run = run_traffic(traffic.graph, traffic.chip, nodes, {&alone, 1});
        REQUIRE(run.deliveries.size() == 1);
        REQUIRE(run.deliveries[0].when - ready ==
                zero_load_by_hand(traffic.graph, traffic.chip, route, kind));
        fill_zero_load(nodes, link_timings(traffic.graph, traffic.chip));
        REQUIRE(nodes[run.deliveries[0].node].zero_load[size_class(kind)] ==
                run.deliveries[0].when - ready);
      }
    }
  }
}

TEST_CASE("Network: the copies of a packet alone on a tree take no longer than on its own route") {
  for (const FlowControl flow : {FlowControl::infinite, FlowControl::credit}) {
    const RouterGraph graph = RouterGraph::mesh(4, 4, 1);
    ChipDescription chip = network_chip();
    chip.flow_control.kind = flow;
    std::vector<RoutedDestination> routes;
    for (std::uint32_t to = 0; to < 16; ++to) {
      if (to != 5) routes.emplace_back(mesh_route(graph, CoreId{5}, CoreId{to}, 0), to);
    }
    std::vector<MulticastNode> nodes;
    const SyntheticPacket packet{{}, 5, append_tree(nodes, routes), PacketKind::graded};
    const auto run = run_traffic(graph, chip, nodes, {&packet, 1});
    REQUIRE(run.deliveries.size() == 15);
    for (const auto& delivery : run.deliveries) {
      const std::uint32_t to = nodes[delivery.node].destination;
      const Route route = mesh_route(graph, CoreId{5}, CoreId{to}, 0);
      INFO("to " << to);
      CHECK(delivery.when - TimePoint{} ==
            zero_load_by_hand(graph, chip, route, PacketKind::graded));
    }
  }
}

}  // namespace synfire::test
