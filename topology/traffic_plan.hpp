// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "neurons/network.hpp"
#include "topology/graph.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// A projection between two slices, seen from the neurocore of the target.
struct Connection {
  std::uint32_t target = 0;  ///< slice
  std::uint32_t input = 0;   ///< index into Network::incoming(target population)
  std::uint32_t begin = 0;   ///< source neurons that take part: [begin, end)
  std::uint32_t end = 0;
};

/// A neurocore (or the host) that a slice sends to: one packet per spike, whatever it drives there.
struct Destination {
  std::uint32_t core = 0;   ///< core index; core count of the chip: the host
  std::uint32_t route = 0;  ///< index into TrafficPlan::routes
  std::vector<Connection> connections;
  std::vector<std::uint32_t> targets;  ///< slices there, each once, ascending

  /// True if neuron `neuron` of the source drives anything there.
  bool accepts(std::uint32_t neuron) const {
    for (const Connection& connection : connections) {
      if (neuron >= connection.begin && neuron < connection.end) return true;
    }
    return connections.empty();  // the host takes every logit
  }
};

/// A slice that must hear when this one has consumed a step.
struct CreditTarget {
  std::uint32_t slice = 0;
  std::uint32_t route = 0;
};

/// Axon tables and routes of a mapped network: who sends to whom, fixed before the run.
struct TrafficPlan {
  struct SliceTraffic {
    std::vector<Destination> destinations;     ///< ascending by core
    std::vector<CreditTarget> credit_targets;  ///< slices that feed this one, ascending
    std::uint32_t sources = 0;                 ///< slices that feed this one
    std::uint32_t target_slices = 0;           ///< slices fed by this one (the host not counted)
  };
  std::vector<SliceTraffic> slices;
  std::vector<std::vector<LinkId>> routes;  ///< route 0 is empty: sender and receiver share a core
};

TrafficPlan plan_traffic(const Network& network, const Mapping& mapping, const RouterGraph& graph);

}  // namespace synfire
