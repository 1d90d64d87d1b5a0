// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "neurons/network.hpp"
#include "sim/ids.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/faults.hpp"
#include "topology/graph.hpp"

namespace synfire {

/// Which parts of a chip a run's faults hit.
struct InjectedFaults {
  /// A link that takes no packets.
  struct DeadLink {
    RouterId from{};
    RouterId to{};
    std::string name;  ///< as describe_link says it
    bool operator==(const DeadLink&) const = default;
  };
  /// A neuron that a fault holds; `is_firing`: in every step, else in none.
  struct StuckNeuron {
    PopulationId population{};
    std::uint32_t neuron = 0;
    bool is_firing = false;
    bool operator==(const StuckNeuron&) const = default;
  };
  /// Inverted bits in the weights of one projection.
  struct FlippedBits {
    std::string projection;  ///< `source->target`
    std::int64_t bits = 0;
    bool operator==(const FlippedBits&) const = default;
  };
  std::vector<DeadLink> dead_links;
  std::vector<CoreId> dead_cores;
  std::vector<StuckNeuron> stuck;         ///< ascending by population and neuron
  std::vector<FlippedBits> flipped_bits;  ///< of dense projections

  std::int64_t stuck_neurons(bool is_firing) const;
  std::int64_t total_flipped_bits() const;
  bool operator==(const InjectedFaults&) const = default;
};

InjectedFaults injected_faults(const FaultModel& faults, const FlipReport& flips,
                               const RouterGraph& graph, const Network& network);

/// One line of a report: a fault's key and value, and what came of it.
struct FaultLine {
  std::string fault;    ///< for example `drop_rate 0.1 %`
  std::string outcome;  ///< for example `1,234 deliveries lost`; may be empty
};

/// Every fault that a run had, in the order of the chip reference, the seed last.
///
/// `injected` and `lost` are nothing if they are not known: of a run that was killed.
std::vector<FaultLine> fault_lines(const FaultDescription& faults,
                                   const std::optional<InjectedFaults>& injected,
                                   const std::optional<LossCounts>& lost);

/// The same in one line: `drop_rate 0.1 % (1,234 deliveries lost), seed 1`.
std::string fault_sentence(const std::vector<FaultLine>& lines);

}  // namespace synfire
