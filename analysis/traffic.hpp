// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/graph.hpp"

namespace synfire {

/// Where packets went and waited in a run.
struct TrafficReport {
  /// A link or neurocore that stands out.
  struct Extreme {
    std::string place;         ///< for example `link 5 (2, 1) to 6 (3, 1)`, `neurocore 7`
    double share = 0;          ///< busiest link: of the time
    std::int64_t packets = 0;  ///< deepest queue
    Duration time{};           ///< longest waiting, longest stall
  };
  std::string network;  ///< topology, routing, flow control and multicast, in one line
  std::int64_t chips = 0;
  std::int64_t routers = 0;
  std::int64_t neurocores = 0;
  std::int64_t router_links = 0;
  Duration mean_waiting{};              ///< of a delivery beyond zero load, also if a fault took it
  Duration stalled{};                   ///< by back-pressure, summed over neurocores
  std::optional<Extreme> slowest_link;  ///< longest mean waiting of a packet
  std::optional<Extreme> busiest_link;  ///< nothing if no packet was sent
  std::optional<Extreme> deepest_queue;  ///< at a link or a neurocore
  std::optional<Extreme> most_stalled;   ///< neurocore; nothing if none was
};

/// Among equals the first link or neurocore is named.
TrafficReport traffic_report(const SimulationTotals& totals, const RouterGraph& graph,
                             const ChipDescription& chip);

/// Topology, routing, flow control and multicast, at most 76 columns.
std::string describe_network(const ChipDescription& chip);

/// A link for people: `link 5 (2, 1) to 6 (3, 1)`, `link from neurocore 7`, `link to the host`.
std::string describe_link(const RouterGraph& graph, LinkId link);

}  // namespace synfire
