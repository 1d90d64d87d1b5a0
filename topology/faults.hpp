// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "sim/ids.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// What a stuck neuron does in every time step, whatever its membrane.
enum class Stuck : std::uint8_t { no, silent, firing };

/// Draws that come true at a rate in parts per billion: those below rate * 2^64 / 10^9.
///
/// What a lower rate hits, a higher one hits too, for equal draws.
class RateThreshold {
 public:
  explicit RateThreshold(std::int64_t parts_per_billion);
  bool hits(std::uint64_t draw) const { return draw < threshold_ || is_certain_; }

 private:
  std::uint64_t threshold_;
  bool is_certain_;  ///< 2^64 does not fit the threshold
};

/// Which parts of a chip fail, and which deliveries are dropped.
///
/// Every answer depends on seed and names alone, never on order or time, so that runs of equal
/// faults lose the same on any number of threads; each kind of fault has a stream of its own, so
/// that one does not move another. More of a kind contains less of it.
///
/// Drop        at the receiving neurocore or host, spikes and payloads alike; a logit that the host
///             loses reads 0. Unicast and tree multicast lose the same deliveries.
/// Dead link   between routers: spikes and payloads that would cross it are lost.
/// Dead core   of those that hold neurons: takes no spikes or payloads, sends none.
/// Stuck       neurons of lif and attention populations; none is both silent and firing.
/// End-of-step and step-credit packets are never lost: synchronisation goes on.
/// Thread-safety  all but the constructor may be called from several threads.
/// Tested      unit/topology/faults_test.
class FaultModel {
 public:
  /// Throws  ConfigError `faults.dead_links` or `faults.dead_cores` if there are not so many;
  ///         ConfigError `faults.stuck_firing_rate` if the two rates pass 100 % together.
  FaultModel(const FaultDescription& faults, const RouterGraph& graph, const Network& network,
             const Mapping& mapping);

  /// `token` counts those of the run, `step` those of the token, `destination` may be host_core.
  bool drops(std::uint32_t token, std::uint32_t step, PopulationId source, std::uint32_t neuron,
             CoreId destination) const;

  bool is_dead(CoreId core) const;  ///< the host never is
  Stuck stuck(PopulationId population, std::uint32_t neuron) const {
    const auto& stuck = stuck_[index(population)];
    return stuck.empty() ? Stuck::no : stuck[neuron];
  }

  /// What was drawn, ascending.
  std::span<const LinkId> dead_links() const { return dead_links_; }
  std::span<const CoreId> dead_cores() const { return dead_cores_; }
  /// One entry per neuron, or none if no neuron of the population is stuck.
  std::span<const Stuck> stuck(PopulationId population) const { return stuck_[index(population)]; }

 private:
  std::uint64_t seed_;
  RateThreshold drop_;
  bool has_drops_;
  std::vector<LinkId> dead_links_;
  std::vector<CoreId> dead_cores_;
  std::vector<std::vector<Stuck>> stuck_;
};

/// Bits that were inverted in the weights of each projection.
struct FlipReport {
  std::vector<std::int64_t> bits_per_projection;
  std::int64_t total() const;
};

/// The network with bits of its synapse memory inverted at faults.bit_flip_rate.
///
/// Each bit of each dense weight is drawn by (seed; projection, weight, bit) in the chip's
/// format.weight_width (of which int8 weights use at most 8), two's complement. The simulation does
/// not do this by itself: give it the network that comes back. `context` as for prove_bounds.
/// Throws  ConfigError `faults.bit_flip_rate` if sums of the flipped weights could pass 32 bits or
///         the chip's accumulator or payload width.
Network with_bit_flips(const Network& network, const ChipDescription& chip, std::uint32_t context,
                       FlipReport& report);

}  // namespace synfire
