// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/support/synthetic_traffic.hpp"

namespace synfire::test {
namespace {

constexpr std::int64_t service = 1'000'000;  // ps
constexpr std::uint64_t seed = 20261122;     // the 3 % below are for this seed

/// Packets with exponential gaps whose mean is service / load.
std::vector<SyntheticPacket> poisson_arrivals(double load, std::uint64_t count) {
  std::vector<SyntheticPacket> packets(count);
  double now = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    now -= std::log(1.0 - keyed_uniform(seed, count, i)) * service / load;
    packets[i].ready = TimePoint{picoseconds(std::llround(now))};
  }
  return packets;
}

}  // namespace

// Pollaczek and Khinchine for constant service: a link at load rho lets packets wait
// rho S / (2 (1 - rho)) on average (Kleinrock 1975, "Queueing Systems" I, section 5.6). The mean
// of correlated waiting times converges slowly at high load; `count` keeps three standard errors
// below 3 %.
TEST_CASE("Network: packets that come at random wait as the M/D/1 queue says") {
  const RouterGraph graph = RouterGraph::mesh(1, 1, 1);
  ChipDescription chip = network_chip();
  chip.format.spike_packet_bits = 100;
  chip.local = {picoseconds(1), 100};  // 100 bits at 100 Mb/s: 1 us
  std::vector<MulticastNode> nodes;
  const std::vector<RoutedDestination> port = {{{{graph.injection_link(CoreId{0}), 0}}, 0}};
  append_tree(nodes, port);
  TrafficOptions options;
  options.keeps_deliveries = false;
  const std::vector<std::pair<double, std::uint64_t>> loads = {
      {0.3, 400'000}, {0.6, 600'000}, {0.9, 3'000'000}};
  for (const auto& [load, count] : loads) {
    INFO("load " << load << " seed " << seed);
    const auto packets = poisson_arrivals(load, count);
    const auto run = run_traffic(graph, chip, nodes, packets, options);
    const LinkUse& use = run.link_use[index(graph.injection_link(CoreId{0}))];
    REQUIRE(use.packets == static_cast<std::int64_t>(count));

    // Lindley's recursion on the same arrivals: the same to the picosecond.
    std::int64_t lindley = 0;
    std::int64_t waiting = 0;
    for (std::size_t i = 1; i < packets.size(); ++i) {
      const std::int64_t gap = (packets[i].ready - packets[i - 1].ready).count();
      waiting = std::max<std::int64_t>(0, waiting + service - gap);
      lindley += waiting;
    }
    CHECK(use.waiting.count() == lindley);

    const double mean = static_cast<double>(use.waiting.count()) / static_cast<double>(count);
    const double expected = load * service / (2 * (1 - load));
    INFO("mean waiting time deviates by " << 100 * (mean / expected - 1) << " %");
    CHECK(mean == Approx(expected).epsilon(0.03));

    // Little: mean queue length = arrival rate x mean waiting time = rho^2 / (2 (1 - rho)).
    const double time = static_cast<double>((run.end - TimePoint{}).count());
    const double queue = static_cast<double>(use.waiting.count()) / time;
    CHECK(queue == Approx(load * load / (2 * (1 - load))).epsilon(0.03));
    CHECK(static_cast<double>(use.busy.count()) / time == Approx(load).epsilon(0.01));
  }
}

}  // namespace synfire::test
