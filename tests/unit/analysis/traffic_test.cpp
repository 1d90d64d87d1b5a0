// SPDX-License-Identifier: Apache-2.0
#include "analysis/traffic.hpp"

#include <catch2/catch.hpp>

#include "topology/topologies.hpp"

namespace synfire {
namespace {

ChipDescription small_chip() {
  ChipDescription chip;
  chip.grid.width = 2;
  chip.grid.height = 1;
  chip.grid.cores_per_tile = 2;
  return chip;
}

/// 2 tiles of 2 neurocores: links 0, 1 between the routers, then 2 ports per neurocore and host.
struct Measured {
  ChipDescription chip = small_chip();
  RouterGraph graph = build_graph(chip);
  SimulationTotals totals;

  Measured() {
    totals.now = TimePoint{picoseconds(1'000)};
    totals.arrivals = 4;
    totals.waiting = picoseconds(40);
    totals.link_use.resize(graph.links().size());
    totals.core_use.resize(graph.core_count() + 1);
  }
  TrafficReport report() const { return traffic_report(totals, graph, chip); }
};

}  // namespace

TEST_CASE("Traffic: an idle chip has no busiest link, no queue and no stall") {
  const TrafficReport report = Measured().report();
  CHECK_FALSE(report.busiest_link.has_value());
  CHECK_FALSE(report.slowest_link.has_value());
  CHECK_FALSE(report.deepest_queue.has_value());
  CHECK_FALSE(report.most_stalled.has_value());
  CHECK(report.mean_waiting == picoseconds(10));
  CHECK(report.routers == 2);
  CHECK(report.neurocores == 4);
  CHECK(report.router_links == 2);
}

TEST_CASE("Traffic: the mean waiting is over all that arrived, whatever a fault took then") {
  Measured run;
  run.totals.packets_delivered = 1;
  run.totals.lost = {.dropped = 2, .dead_link = 7, .dead_core = 1};
  CHECK(run.report().mean_waiting == picoseconds(10));
  run.totals.arrivals = 0;
  CHECK(run.report().mean_waiting == picoseconds(0));
}

TEST_CASE("Traffic: the busiest and the slowest link are found and named") {
  Measured run;
  run.totals.link_use[1] = {.packets = 3, .control_packets = 1, .busy = picoseconds(250)};
  run.totals.link_use[1].waiting = picoseconds(8);  // 2 ps each
  run.totals.link_use[0] = {.packets = 1, .busy = picoseconds(100), .waiting = picoseconds(5)};
  const TrafficReport report = run.report();
  REQUIRE(report.busiest_link.has_value());
  CHECK(report.busiest_link->place == "link 1 (1, 0) to 0 (0, 0)");
  CHECK(report.busiest_link->share == Approx(0.25));
  CHECK(report.slowest_link->place == "link 0 (0, 0) to 1 (1, 0)");
  CHECK(report.slowest_link->time == picoseconds(5));
}

TEST_CASE("Traffic: the deepest queue may be at a link, a port, a neurocore or the host") {
  Measured run;
  const LinkId port = run.graph.injection_link(CoreId{2});
  run.totals.link_use[index(port)] = {.packets = 1, .max_queue_depth = 4};
  CHECK(run.report().deepest_queue->place == "link from neurocore 2");
  run.totals.core_use[1].max_queue_depth = 5;
  CHECK(run.report().deepest_queue->place == "neurocore 1");
  run.totals.core_use[4].max_queue_depth = 6;
  CHECK(run.report().deepest_queue->place == "the host");
  CHECK(run.report().deepest_queue->packets == 6);
  CHECK(describe_link(run.graph, run.graph.ejection_link(host_core)) == "link to the host");
}

TEST_CASE("Traffic: stalls add up, and the longest is named") {
  Measured run;
  run.totals.core_use[0].stalled = picoseconds(10);
  run.totals.core_use[3].stalled = picoseconds(30);
  CHECK(run.report().stalled == picoseconds(40));
  CHECK(run.report().most_stalled->place == "neurocore 3");
}

TEST_CASE("Traffic: a chip's network is told in one line") {
  ChipDescription chip = small_chip();
  CHECK(describe_network(chip) == "mesh 2 x 1; xy; unlimited queues; unicast");
  chip.grid.topology = TopologyKind::torus;
  chip.board = {2, 3};
  chip.routing = {.kind = RoutingKind::shortest_path, .virtual_channels = 2};
  chip.flow_control = {.kind = FlowControl::credit, .buffer_depth = 8};
  chip.multicast = Multicast::tree;
  CHECK(describe_network(chip) ==
        "torus 2 x 1 on 2 x 3 chips; shortest path; credit, 8 a buffer, 2 virtual channels; tree "
        "multicast");
  chip.grid.topology = TopologyKind::graphml;
  chip.grid.graph_file = "some/folder/a-graph-with-a-rather-long-name.graphml";
  CHECK(describe_network(chip).starts_with("graph ...long-name.graphml; "));
}

}  // namespace synfire
