// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"
#include "topology/hop_table.hpp"
#include "topology/mapping.hpp"
#include "topology/neuron_traffic.hpp"
#include "topology/routing.hpp"
#include "topology/slice_traffic.hpp"

namespace synfire::detail {

/// Per slice its neurocore; host_core for inputs, no_core while it has none.
using Placement = std::vector<CoreId>;

/// What all placement strategies need to know.
struct PlacementProblem {
  PlacementProblem(const Network& network, const ChipDescription& chip, std::uint32_t context,
                   const Mapping& linear, const NeuronTraffic& neuron_traffic);

  bool is_movable(std::uint32_t slice) const { return start[slice] != host_core; }

  const Network& network;
  std::vector<PopulationSlice> slices;
  Placement start;             ///< linear
  std::vector<CoreUse> needs;  ///< per slice
  CoreUse capacity;
  RouterGraph graph;
  std::unique_ptr<Routing> routing;
  std::vector<CoreId> candidates;  ///< neighbours follow each other
  HopTable hops;
  SliceTraffic traffic;
};

/// Slices that shall lie at one router.
using Group = std::vector<std::uint32_t>;

/// Every slice for itself, in order of evaluation; inputs are left out.
std::vector<Group> single_slices(const PlacementProblem& problem);

/// Groups one after another, each to the router with room for it where it adds the least
/// packets x hops to what is placed already; among equals to the first one. A slice alone chooses
/// among neurocores; a group fills those of its router one after another, and if no router has room
/// for all of it, its slices go alone.
/// Cost    slices x routers x fan-out.
/// Throws  MappingError if no candidate has room.
Placement place_greedily(PlacementProblem& problem, const std::vector<Group>& groups);

/// As many groups as `linear` takes routers, between which METIS finds that little is sent, in the
/// order of evaluation of their first slices. Each fits a router's neurocores as a whole, not
/// always one by one.
/// Source  METIS 5.1, multilevel recursive bisection with several balance constraints: Karypis and
///         Kumar 1998, "Multilevel algorithms for multi-constraint graph partitioning", SC98.
/// Throws  ConfigError `--placement` if METIS was not there when this was built.
std::vector<Group> partition_slices(const PlacementProblem& problem, std::uint64_t seed);

/// Simulated annealing over moves of a slice, exchanges of two slices and exchanges of all that two
/// cores hold; only such as keep every capacity. The best placement seen is returned, so it is
/// never worse than `start`. Equal seeds give equal placements.
/// `proposals` moves are tried in each of a few rounds (0: as many as the slices ask for);
/// temperature falls geometrically.
/// Cost    proposals x fan-out of a slice x its sources.
/// Source  Kirkpatrick, Gelatt and Vecchi 1983, "Optimization by Simulated Annealing", Science 220;
///         start temperature from sampled moves as White 1984, "Concepts of scale in simulated
///         annealing", ICCD.
Placement anneal(PlacementProblem& problem, const Placement& start, std::uint64_t seed,
                 std::int64_t proposals);

}  // namespace synfire::detail
