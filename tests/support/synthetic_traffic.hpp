// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "topology/chip_simulation.hpp"
#include "topology/graph.hpp"
#include "topology/multicast_tree.hpp"
#include "topology/packet.hpp"

namespace synfire::test {

/// A packet that core `core` (core count: the host) has composed at `ready` for a tree.
struct SyntheticPacket {
  TimePoint ready{};
  std::uint32_t core = 0;
  std::uint32_t root = 0;
  PacketKind kind = PacketKind::spike;
};

struct TrafficOptions {
  QueueKind queue = QueueKind::radix_heap;
  std::vector<LinkId> dead_links{};
  Duration read_latency{};  ///< of neurocores, which read one packet after another
  bool keeps_deliveries = true;
  bool foresees = false;  ///< deliveries to cores that send nothing to themselves
};

/// What became of packets. Packets are named by their index.
struct TrafficRun {
  struct Arrival {
    TimePoint when{};
    std::uint32_t packet = 0;
    std::uint32_t node = 0;  ///< delivered there, or lost before it
    bool operator==(const Arrival&) const = default;
  };
  std::vector<Arrival> deliveries;  ///< in the order in which they happened
  std::vector<Arrival> losses;
  std::vector<LinkUse> link_use;
  std::int64_t crossings = 0;  ///< calls of the sink's `crossed`
  std::int64_t in_flight = 0;  ///< copies that are still in the network when nothing moves
  std::int64_t backlog = 0;    ///< packets still at their ports
  std::int64_t events = 0;
  std::int64_t max_buffered = 0;     ///< packets in a router's buffer
  std::int64_t max_input_queue = 0;  ///< packets of one virtual channel at a neurocore
  std::string blocked;
  TimePoint end{};
};

/// Sends `packets` (ascending by `ready`) through a network of routers and links alone, until
/// nothing moves.
TrafficRun run_traffic(const RouterGraph& graph, const ChipDescription& chip,
                       std::span<const MulticastNode> nodes,
                       std::span<const SyntheticPacket> packets,
                       const TrafficOptions& options = {});

/// A chip whose links take 1 ns and 10 ps for each bit; without neurons worth the name.
ChipDescription network_chip();

/// x first, then y, all on one virtual channel. The graph is a mesh.
Route mesh_route(const RouterGraph& graph, CoreId from, CoreId to, std::uint8_t virtual_channel);

/// Fewest hops on any graph; the routes of one sender are a tree.
Route shortest_route(const RouterGraph& graph, CoreId from, CoreId to,
                     std::uint8_t virtual_channel);

/// Any number of routers, each linked to its successor on a ring in random order (so that every one
/// reaches every other) and to some others; one to three neurocores each.
RouterGraph random_graph(std::uint64_t seed);

/// Everything about a run of a random network.
struct RandomTraffic {
  RouterGraph graph;
  ChipDescription chip;
  std::vector<MulticastNode> nodes;
  std::vector<SyntheticPacket> packets;
  Duration read_latency{};
};

/// A mesh of up to 5 x 4 tiles of up to 3 neurocores, buffers of 1-4 packets, 1-4 virtual channels,
/// any link speeds, `count` packets of any size at any load up to saturation: to random or to few
/// neurocores, in trees or one by one.
RandomTraffic random_traffic(std::uint64_t seed, std::size_t count);

}  // namespace synfire::test
