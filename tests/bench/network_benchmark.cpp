// SPDX-License-Identifier: Apache-2.0

// How many packets and hops a second do routers and links take alone, without neurons?

#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "tests/bench/mesh_traffic.hpp"
#include "tests/bench/work_counters.hpp"

namespace synfire::bench {
namespace {

constexpr std::uint32_t tree_destinations = 8;

/// Links between routers that packets crossed.
std::int64_t hops_of(const RouterGraph& graph, const test::TrafficRun& run) {
  std::int64_t hops = 0;
  for (std::size_t i = 0; i < run.link_use.size(); ++i) {
    const LinkKind kind = graph.links()[i].kind;
    if (kind != LinkKind::injection && kind != LinkKind::ejection) hops += run.link_use[i].packets;
  }
  return hops;
}

void carry(benchmark::State& state, const MeshTraffic& traffic) {
  const MeshRun run = draw_mesh_run(traffic);
  const test::TrafficOptions options{.keeps_deliveries = false};
  Work work;
  for (auto _ : state) {
    const auto result = run_traffic(run.graph, run.chip, run.nodes, run.packets, options);
    work.events += result.events;
    work.hops += hops_of(run.graph, result);
    work.packets += static_cast<std::int64_t>(run.packets.size());
  }
  report_work(state, work);
}

void register_mesh(std::uint32_t side, FlowControl flow_control, std::uint32_t destinations) {
  const std::string name = "network/mesh_" + std::to_string(side) + "x" + std::to_string(side) +
                           "/" + std::string(to_string(flow_control)) +
                           (destinations == 1 ? "/unicast" : "/tree");
  benchmark::RegisterBenchmark(
      name.c_str(), carry,
      MeshTraffic{.side = side, .flow_control = flow_control, .destinations = destinations})
      ->Unit(benchmark::kMillisecond);
}

const bool is_registered = [] {
  for (const std::uint32_t side : {8U, 16U}) {
    for (const FlowControl flow_control : {FlowControl::infinite, FlowControl::credit}) {
      register_mesh(side, flow_control, 1);
      register_mesh(side, flow_control, tree_destinations);
    }
  }
  return true;
}();

}  // namespace
}  // namespace synfire::bench
