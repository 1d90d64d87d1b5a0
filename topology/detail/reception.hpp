// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/units.hpp"
#include "topology/action.hpp"
#include "topology/packet.hpp"
#include "topology/traffic_plan.hpp"

namespace synfire {

/// What packets from one slice to one neurocore (or the host) ask of it, in one place, and how many
/// have asked.
struct Reception {
  std::array<Duration, packet_sizes> zero_load{};
  std::uint32_t core = 0;           ///< core index; core count of the chip: the host
  bool has_one_connection = false;  ///< the one that follows: any data packet drives it
  Connection connection;
  const Destination* destination = nullptr;  ///< of spikes and ends of steps
  std::span<const std::uint32_t> slices;     ///< that step credits tell
  std::int64_t data_packets = 0;             ///< read since they were charged; with one connection
  std::int64_t control_packets = 0;          ///< read since they were charged
};

/// Receptions of a plan, by the node at which a packet is delivered.
class ReceptionTable {
 public:
  /// The plan must outlive this.
  explicit ReceptionTable(const TrafficPlan& plan);

  Reception& at_node(std::uint32_t node) { return receptions_[of_node_[node]]; }

  /// Adds the actions of all packets counted since the last call to the slices that read them: data
  /// packets drive their connection, control packets are decoded. The host decodes nothing.
  void charge(std::uint32_t host, std::span<ActionCounts> slices);

 private:
  void add(std::uint32_t node, const Reception& reception);

  const TrafficPlan& plan_;
  std::vector<Reception> receptions_;
  std::vector<std::uint32_t> of_node_;  ///< per node; 0 where nothing is delivered
};

}  // namespace synfire
