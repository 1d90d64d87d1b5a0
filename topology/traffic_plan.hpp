// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"
#include "topology/multicast_tree.hpp"
#include "topology/routing.hpp"

namespace synfire {

/// A projection between two slices, seen from the neurocore of the target, and what it reads there
/// for one packet.
struct Connection {
  std::uint32_t target = 0;  ///< slice
  std::uint32_t input = 0;   ///< index into Network::incoming(target population)
  std::uint32_t begin = 0;   ///< source neurons that take part: [begin, end)
  std::uint32_t end = 0;
  std::uint32_t synapses = 0;        ///< driven by a packet; 0: one-to-one, no weight is fetched
  std::uint32_t words = 0;           ///< of synapse memory that their weights fill
  std::uint32_t groups = 1;          ///< of synapse_lanes that accumulate them; 1 if one-to-one
  std::uint32_t product_groups = 0;  ///< of dense.lanes instead, where payloads are multiplied
  std::uint32_t factor_bits = 0;     ///< of a payload that is multiplied; 0: spikes, one-to-one
  std::uint32_t delay = 0;           ///< time steps after which a packet counts for the target

  bool has(std::uint32_t neuron) const { return neuron >= begin && neuron < end; }
};

/// A slice that waits for the ends of another's steps; once for each delay between the two.
struct StepTarget {
  std::uint32_t slice = 0;
  std::uint32_t delay = 0;  ///< the end of step s is needed for step s + delay
  auto operator<=>(const StepTarget&) const = default;
};

/// A neurocore (or the host) that a slice sends to: one packet per spike, whatever it drives there.
struct Destination {
  std::uint32_t core = 0;  ///< core index; core count of the chip: the host
  std::vector<Connection> connections;
  std::vector<StepTarget> targets;  ///< slices there, each once for each delay, ascending
};

/// Roots of the multicast trees that reach a set of destinations: one tree under tree multicast,
/// a chain for each destination under unicast. Indices into TrafficPlan::nodes.
using TreeRoots = std::vector<std::uint32_t>;

/// A neurocore (or the host) that must hear when a slice has consumed a step.
struct CreditDestination {
  std::uint32_t core = 0;
  std::vector<std::uint32_t> slices;  ///< that feed it there, ascending
};

/// Axon tables of a mapped network: who sends to whom and along which links, fixed before the run.
///
/// A pattern is a set of destinations that some neuron of a slice has. A slice whose projections
/// are all dense has one; one-to-one projections to several slices make more. End-of-step packets
/// go to all destinations in the same way, hence on the channels of the spikes that they must not
/// overtake; routes of one source share their beginnings, so those of a tree are those of a chain.
struct TrafficPlan {
  struct SliceTraffic {
    std::vector<Destination> destinations;  ///< ascending by core
    std::vector<TreeRoots> patterns;        ///< trees to each distinct set of destinations
    std::vector<std::uint32_t> deliveries;  ///< per pattern: destinations in its set
    std::vector<std::uint32_t> pattern_of;  ///< per neuron of the slice
    TreeRoots end_of_step;                  ///< to all destinations but the host
    TreeRoots end_of_token;                 ///< to all destinations
    /// Where the slices lie that feed this one. Each is told by a packet of its own under unicast;
    /// a tree brings the same packet to every neurocore once.
    std::vector<CreditDestination> credit_destinations;
    TreeRoots credits;  ///< to those
    /// Ends of step that step s needs, a source's once for each of its delays: entry s, or the last
    /// one from there on. Steps before a delay has passed have nothing to wait for.
    std::vector<std::uint32_t> ends_due;
    std::uint32_t target_slices = 0;  ///< slices fed by this one (the host not counted)

    std::uint32_t ends_due_at(std::uint32_t step) const {
      return ends_due[step < ends_due.size() ? step : ends_due.size() - 1];
    }
  };
  std::vector<SliceTraffic> slices;
  /// Of all trees. `destination` is an index into the destinations of the slice that sends; for
  /// step credits into its credit destinations.
  std::vector<MulticastNode> nodes;
};

/// Throws  as Routing::route.
TrafficPlan plan_traffic(const Network& network, const Mapping& mapping, const Routing& routing,
                         const ChipDescription& chip);

}  // namespace synfire
