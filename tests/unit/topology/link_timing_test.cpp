// SPDX-License-Identifier: Apache-2.0
#include "topology/link_timing.hpp"

#include <catch2/catch.hpp>

#include "tests/support/synthetic_traffic.hpp"

namespace synfire::test {

TEST_CASE("link_timings: serialization is bits over bandwidth, rounded up to a picosecond") {
  const RouterGraph graph = RouterGraph::mesh(2, 1, 1);
  ChipDescription chip = network_chip();
  chip.horizontal = {picoseconds(6'500), 3};  // 3 Mb/s: 1e6 / 3 ps a bit
  chip.format.spike_packet_bits = 1;
  chip.format.graded_packet_bits = 3;
  chip.format.control_packet_bits = 4;
  const auto timing = link_timings(graph, chip)[0];
  CHECK(timing.latency == picoseconds(6'500));
  CHECK(timing.serialization[0] == picoseconds(333'334));
  CHECK(timing.serialization[1] == picoseconds(1'000'000));
  CHECK(timing.serialization[2] == picoseconds(1'333'334));
  CHECK(timing.zero_load(2) == picoseconds(1'339'834));
}

TEST_CASE("serialization_table: as link_timings for the sizes of every chip, any others behind") {
  const RouterGraph graph = RouterGraph::mesh(2, 1, 1);
  ChipDescription chip = network_chip();
  chip.horizontal.megabits_per_second = 3;
  const std::vector<std::int64_t> bits = {32, 64, 24, 6'144};
  const auto table = serialization_table(graph, chip, bits);
  const auto timings = link_timings(graph, chip);
  REQUIRE(table.size() == timings.size() * bits.size());
  for (std::size_t link = 0; link < timings.size(); ++link) {
    for (std::size_t size = 0; size < packet_sizes; ++size) {
      CHECK(table[link * bits.size() + size] == timings[link].serialization[size]);
    }
    CHECK(table[link * bits.size() + 3] ==
          serialization_latency(link_description(graph, chip, LinkId{std::uint32_t(link)}), 6'144));
  }
}

TEST_CASE("link_description: by kind, the host by its own bandwidth, a link by its own numbers") {
  std::vector<Router> routers(3);
  for (Router& router : routers) router.cores = 1;
  const auto link = [](std::uint32_t from, std::uint32_t to, LinkKind kind) {
    return Link{.from = RouterId{from}, .to = RouterId{to}, .kind = kind};
  };
  std::vector<Link> links = {link(0, 1, LinkKind::horizontal), link(1, 0, LinkKind::vertical),
                             link(1, 2, LinkKind::board), link(2, 0, LinkKind::board)};
  links[3].latency = picoseconds(77);
  links[3].megabits_per_second = 0;
  const RouterGraph graph(routers, links);
  ChipDescription chip = network_chip();
  chip.horizontal = {picoseconds(1), 11};
  chip.vertical = {picoseconds(2), 12};
  chip.board_link = {picoseconds(3), 13};
  chip.local = {picoseconds(4), 14};
  chip.host.megabits_per_second = 15;
  const auto description = [&](LinkId id) { return link_description(graph, chip, id); };
  const auto between = [&](std::uint32_t from, std::uint32_t to) {
    return description(graph.link_between(RouterId{from}, RouterId{to}));
  };
  CHECK(between(0, 1) == chip.horizontal);
  CHECK(between(1, 0) == chip.vertical);
  CHECK(between(1, 2) == chip.board_link);
  CHECK(between(2, 0) == LinkDescription{picoseconds(77), 0});
  CHECK(description(graph.injection_link(CoreId{1})) == chip.local);
  CHECK(description(graph.ejection_link(CoreId{2})) == chip.local);
  CHECK(description(graph.injection_link(host_core)) == LinkDescription{picoseconds(4), 15});
  CHECK(description(graph.ejection_link(host_core)) == LinkDescription{picoseconds(4), 15});
}

}  // namespace synfire::test
