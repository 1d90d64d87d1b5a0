// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"
#include "topology/neuron_traffic.hpp"

namespace synfire {

/// What simulating one token takes, and the whole simulation of memory; foreseen, not measured.
struct CostPrediction {
  std::int64_t packets = 0;               ///< spike and graded, a token
  std::int64_t control_packets = 0;       ///< a token
  std::int64_t crossings = 0;             ///< of links between routers by all of them, a token
  std::int64_t events = 0;                ///< a token
  std::int64_t synaptic_operations = 0;   ///< a token
  std::int64_t multiply_accumulates = 0;  ///< of dense projections of payloads, a token
  std::int64_t neuron_updates = 0;        ///< a token
  std::int64_t synapses = 0;              ///< weights of the network
  std::int64_t memory_bytes = 0;          ///< of network and simulation, without the program's own
  double seconds = 0;  ///< a token's wall time on one thread of the machine of calibration
};

/// Foresees the cost of running a network on a chip from axon tables and firing rates: who sends
/// how many packets over how many links. An event is a neuron that fires, a packet's injection, a
/// link between routers crossed, an arrival at a neurocore that sends to itself; a step of a slice
/// has four. With credits a link takes three, and a packet one more.
///
/// `traffic`  what every neuron sends (assumed_traffic or measured_traffic); `context` as
///            map_network.
/// Within     15 % of what is measured on decoders of five sizes (tests/bench/cost_model_test);
///            seconds are calibrated with the benchmarks of tests/bench/RESULTS.md.
/// Throws     ConfigError as make_routing.
CostPrediction predict_cost(const Network& network, const ChipDescription& chip,
                            const Mapping& mapping, const NeuronTraffic& traffic,
                            std::uint32_t context);

/// Foresees the memory of every rank of a board, as CostPrediction::memory_bytes: neurons and
/// attention are where their chips are simulated; synapses, too, but those of a population that is
/// cut between ranks are on each of them; axon tables, routes and links are on all ranks.
///
/// Shapes  `rank_of_router`: one for each router, from 0 without gaps (share_board).
std::vector<std::int64_t> predict_rank_memory(const Network& network, const ChipDescription& chip,
                                              const Mapping& mapping, std::uint32_t context,
                                              std::span<const std::uint32_t> rank_of_router);

/// Wall time of a token if it is replayed: events alone, nothing is summed.
double replay_seconds(const CostPrediction& cost);

/// Spikes per 1000 neurons and steps that costs are foreseen for where nothing is measured: trained
/// decoders here have 10 to 25 % (models/spikedecoder/RESULTS.md).
inline constexpr std::int64_t cost_rate_permille = 150;

}  // namespace synfire
