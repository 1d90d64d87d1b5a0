// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <optional>
#include <set>

#include "sim/error.hpp"
#include "topology/detail/placement_problem.hpp"
#include "topology/slice_needs.hpp"

namespace synfire::detail {
namespace {

class GreedyPlacer {
 public:
  explicit GreedyPlacer(PlacementProblem& problem)
      : problem_(problem), uses_(problem.graph.core_count()) {
    for (const CoreId core : problem.start) {
      placement_.push_back(core == host_core ? host_core : no_core);
    }
  }

  void place(std::uint32_t slice) {
    const std::optional<CoreId> best = best_core(slice);
    if (!best) {
      throw MappingError(
          problem_.network.population(problem_.slices[slice].population).name, "neurocores",
          "placement greedy leaves no neurocore with room for it; use --placement linear, or set "
          "more or larger neurocores");
    }
    placement_[slice] = *best;
    uses_[index(*best)] += problem_.needs[slice];
  }

  Placement take() { return std::move(placement_); }

 private:
  std::optional<CoreId> best_core(std::uint32_t slice) {
    std::optional<CoreId> best;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::set<RouterId> tried_empty;  // the empty cores of a router are as good as each other
    for (const CoreId core : problem_.candidates) {
      const CoreUse& use = uses_[index(core)];
      if (!fits(use, problem_.needs[slice], problem_.capacity)) continue;
      if (use == CoreUse{} && !tried_empty.insert(problem_.graph.router_of(core)).second) continue;
      placement_[slice] = core;
      const std::int64_t cost = cost_around(slice);
      if (cost >= least) continue;
      least = cost;
      best = core;
    }
    placement_[slice] = no_core;
    return best;
  }

  /// Of the slice and of those that send to it: all that depends on where it lies.
  std::int64_t cost_around(std::uint32_t slice) {
    std::int64_t cost = problem_.traffic.hops_of(slice, placement_, problem_.hops).total();
    for (const std::uint32_t source : problem_.traffic.sources(slice)) {
      if (placement_[source] == no_core) continue;
      cost += problem_.traffic.hops_of(source, placement_, problem_.hops).total();
    }
    return cost;
  }

  PlacementProblem& problem_;
  Placement placement_;
  std::vector<CoreUse> uses_;
};

}  // namespace

Placement place_greedily(PlacementProblem& problem) {
  std::vector<std::vector<std::uint32_t>> slices_of(problem.network.populations().size());
  for (std::uint32_t i = 0; i < problem.slices.size(); ++i) {
    slices_of[index(problem.slices[i].population)].push_back(i);
  }
  GreedyPlacer placer(problem);
  for (const PopulationId population : problem.network.evaluation_order()) {
    for (const std::uint32_t slice : slices_of[index(population)]) {
      if (problem.is_movable(slice)) placer.place(slice);
    }
  }
  return placer.take();
}

}  // namespace synfire::detail
