// SPDX-License-Identifier: Apache-2.0
#include "topology/placement.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "sim/error.hpp"
#include "sim/suggestion.hpp"
#include "topology/core_order.hpp"
#include "topology/detail/placement_problem.hpp"
#include "topology/slice_needs.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

constexpr std::array strategies = {PlacementStrategy::linear, PlacementStrategy::greedy,
                                   PlacementStrategy::annealing, PlacementStrategy::partition};

std::vector<CoreId> cores_of(std::span<const PopulationSlice> slices) {
  std::vector<CoreId> cores;
  for (const PopulationSlice& slice : slices) cores.push_back(slice.core);
  return cores;
}

/// The first ones in order, as many as there may be, but all that `used` needs.
std::vector<CoreId> candidate_cores(std::vector<CoreId> order, std::span<const CoreId> used) {
  std::vector<bool> is_used(order.size(), false);
  for (const CoreId core : used) {
    if (core != host_core) is_used[index(core)] = true;
  }
  const auto last = std::ranges::find_if(order.rbegin(), order.rend(),
                                         [&](CoreId core) { return is_used[index(core)]; });
  const auto needed = static_cast<std::size_t>(order.rend() - last);
  order.resize(std::min<std::size_t>(order.size(), std::max<std::size_t>(needed, most_candidates)));
  return order;
}

detail::Placement best_start(detail::PlacementProblem& problem) {
  try {
    detail::Placement greedy = place_greedily(problem, single_slices(problem));
    const auto cost = [&](const detail::Placement& placement) {
      return problem.traffic.total(placement, problem.hops).total();
    };
    if (cost(greedy) < cost(problem.start)) return greedy;
  } catch (const MappingError&) {  // greedy has no room for all; linear has
  }
  return problem.start;
}

detail::Placement find_placement(detail::PlacementProblem& problem,
                                 const PlacementOptions& options) {
  switch (options.strategy) {
    case PlacementStrategy::linear:
      break;
    case PlacementStrategy::greedy:
      return place_greedily(problem, single_slices(problem));
    case PlacementStrategy::annealing:
      return anneal(problem, best_start(problem), options.seed, options.proposals);
    case PlacementStrategy::partition:
      return place_greedily(problem, partition_slices(problem, options.seed));
  }
  return problem.start;
}

}  // namespace

std::string_view to_string(PlacementStrategy strategy) {
  switch (strategy) {
    case PlacementStrategy::linear:
      return "linear";
    case PlacementStrategy::greedy:
      return "greedy";
    case PlacementStrategy::annealing:
      return "annealing";
    case PlacementStrategy::partition:
      return "partition";
  }
  return "";
}

PlacementStrategy placement_from_string(const std::string& name) {
  std::vector<std::string> names;
  std::string known;
  for (const PlacementStrategy strategy : strategies) {
    if (to_string(strategy) == name) return strategy;
    names.emplace_back(to_string(strategy));
    known += (known.empty() ? "" : ", ") + names.back();
  }
  const std::string guess = suggestion(name, names);
  throw ConfigError("--placement", "'" + name + "' is unknown; there are: " + known + guess);
}

namespace detail {

PlacementProblem::PlacementProblem(const Network& of_network, const ChipDescription& chip,
                                   std::uint32_t context, const Mapping& linear,
                                   const NeuronTraffic& neuron_traffic)
    : network(of_network),
      slices(linear.slices),
      start(cores_of(slices)),
      capacity(core_capacity(chip)),
      graph(build_graph(chip)),
      routing(make_routing(graph, chip)),
      candidates(candidate_cores(neighbour_order(chip, graph), start)),
      hops(*routing, candidates),
      traffic(network, slices, neuron_traffic, graph.core_count()) {
  for (const PopulationSlice& slice : slices) {
    needs.push_back(slice_needs(network, slice.population, chip, context).of(slice.size()));
  }
}

}  // namespace detail

Mapping place_slices(const Network& network, const ChipDescription& chip, std::uint32_t context,
                     const Mapping& linear, const NeuronTraffic& traffic,
                     const PlacementOptions& options) {
  if (options.strategy == PlacementStrategy::linear) return linear;
  detail::PlacementProblem problem(network, chip, context, linear, traffic);
  const detail::Placement placement = find_placement(problem, options);
  Mapping mapping = linear;
  for (std::size_t i = 0; i < placement.size(); ++i) mapping.slices[i].core = placement[i];
  mapping.cores = core_uses(network, chip, context, mapping.slices, problem.graph.core_count());
  return mapping;
}

TrafficHops traffic_hops(const Network& network, const ChipDescription& chip,
                         const Mapping& mapping, const NeuronTraffic& traffic) {
  const RouterGraph graph = build_graph(chip);
  const auto routing = make_routing(graph, chip);
  const std::vector<CoreId> cores = cores_of(mapping.slices);
  HopTable hops(*routing, cores);
  return SliceTraffic(network, mapping.slices, traffic, graph.core_count()).total(cores, hops);
}

}  // namespace synfire
