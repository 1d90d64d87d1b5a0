// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/units.hpp"
#include "topology/action.hpp"
#include "topology/detail/growing_list.hpp"
#include "topology/packet.hpp"
#include "topology/slice_unit.hpp"
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
  const Reception* counts = nullptr;  ///< the one that counts for this one, too; null: itself
};

/// Where the data packets of a reception go, if all they do is to add to one list: what most ask of
/// a neurocore, in little memory.
struct Inlet {
  GrowingList<std::uint32_t>* lists = nullptr;  ///< per buffer of a step; null: see the Reception
  std::uint32_t first = 0;                      ///< source neuron that is listed as 0
  std::uint32_t delay = 0;                      ///< time steps
};

/// What `packets` packets do at the accumulators of a connection's target.
inline void count_operations(const Connection& connection, std::int64_t packets,
                             ActionCounts& counts) {
  const std::int64_t synapses = packets * connection.synapses;
  counts[Action::synapse_memory_word] += packets * connection.words;
  if (connection.synapses == 0) {
    counts[Action::payload_accumulate] += packets;
  } else if (connection.factor_bits == 0) {
    counts[Action::synaptic_operation] += synapses;
  } else {
    counts[Action::multiply_accumulate] += synapses;
    counts[Action::multiply_accumulate_bit] += synapses * connection.factor_bits;
  }
}

/// Receptions of a plan, by the node at which a packet is delivered.
class ReceptionTable {
 public:
  /// The plan must outlive this.
  explicit ReceptionTable(const TrafficPlan& plan);

  Reception& at_node(std::uint32_t node) { return receptions_[of_node_[node]]; }
  const Reception& at_node(std::uint32_t node) const { return receptions_[of_node_[node]]; }

  const Inlet& inlet(std::uint32_t node) const { return inlets_[of_node_[node]]; }

  /// Makes the inlets; `units` of all slices must stay where they are.
  void connect(std::span<SliceUnit> units);
  /// Packets that the first of alike neurocores counts will be charged to all: see `alike_cores`.
  void join(std::span<const std::uint32_t> alike);

  /// Adds the actions of all packets counted since the last call to the slices that read them: data
  /// packets drive their connection, control packets are decoded. The host decodes nothing.
  void charge(std::uint32_t host, std::span<ActionCounts> slices);

 private:
  const TrafficPlan& plan_;
  std::vector<Reception> receptions_;
  std::vector<std::uint32_t> of_node_;  ///< per node; 0 where nothing is delivered
  std::vector<Inlet> inlets_;           ///< per reception
};

}  // namespace synfire
