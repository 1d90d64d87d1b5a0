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

  void place(const Group& group) {
    if (group.size() > 1 && place_together(group)) return;
    for (const std::uint32_t slice : group) place(slice);
  }

  Placement take() { return std::move(placement_); }

 private:
  void place(std::uint32_t slice) {
    find_affected({slice});
    const std::optional<CoreId> best = best_core(slice);
    if (!best) {
      const PopulationId population = problem_.slices[slice].population;
      throw MappingError(
          problem_.network.population(population).name, "neurocores",
          "the placement leaves no neurocore with room for it; use --placement linear, or set "
          "more or larger neurocores");
    }
    put(slice, *best);
  }

  std::optional<CoreId> best_core(std::uint32_t slice) {
    std::optional<CoreId> best;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::set<RouterId> tried_empty;  // the empty cores of a router are as good as each other
    for (const CoreId core : problem_.candidates) {
      const CoreUse& use = uses_[index(core)];
      if (!fits(use, problem_.needs[slice], problem_.capacity)) continue;
      if (use == CoreUse{} && !tried_empty.insert(problem_.graph.router_of(core)).second) continue;
      put(slice, core);
      const std::int64_t cost = cost_of_affected();
      take_away(slice);
      if (cost >= least) continue;
      least = cost;
      best = core;
    }
    return best;
  }

  /// False, and nothing placed, if no router has room for all.
  bool place_together(const Group& group) {
    find_affected(group);
    std::optional<RouterId> best;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::set<RouterId> tried;
    for (const CoreId core : problem_.candidates) {
      const RouterId router = problem_.graph.router_of(core);
      if (!tried.insert(router).second || !fill(router, group)) continue;
      const std::int64_t cost = cost_of_affected();
      for (const std::uint32_t slice : group) take_away(slice);
      if (cost >= least) continue;
      least = cost;
      best = router;
    }
    return best && fill(*best, group);
  }

  /// Each slice on the first core of the router with room for it; false, and nothing placed, if one
  /// finds none.
  bool fill(RouterId router, const Group& group) {
    const std::uint32_t first = index(problem_.graph.first_core(router));
    const std::uint32_t end = first + problem_.graph.routers()[index(router)].cores;
    for (const std::uint32_t slice : group) {
      std::uint32_t core = first;
      while (core < end && !fits(uses_[core], problem_.needs[slice], problem_.capacity)) ++core;
      if (core < end) {
        put(slice, CoreId{core});
        continue;
      }
      for (const std::uint32_t placed : group) take_away(placed);
      return false;
    }
    return true;
  }

  void put(std::uint32_t slice, CoreId core) {
    placement_[slice] = core;
    uses_[index(core)] += problem_.needs[slice];
  }

  void take_away(std::uint32_t slice) {
    if (placement_[slice] == no_core) return;
    uses_[index(placement_[slice])] -= problem_.needs[slice];
    placement_[slice] = no_core;
  }

  /// The slices and those that send to them: all that depends on where they lie.
  void find_affected(const Group& group) {
    std::set<std::uint32_t> affected(group.begin(), group.end());
    for (const std::uint32_t slice : group) {
      for (const std::uint32_t source : problem_.traffic.sources(slice)) {
        if (placement_[source] != no_core) affected.insert(source);
      }
    }
    affected_.assign(affected.begin(), affected.end());
  }

  std::int64_t cost_of_affected() {
    std::int64_t cost = 0;
    for (const std::uint32_t slice : affected_) {
      cost += problem_.traffic.hops_of(slice, placement_, problem_.hops).total();
    }
    return cost;
  }

  PlacementProblem& problem_;
  Placement placement_;
  std::vector<CoreUse> uses_;
  std::vector<std::uint32_t> affected_;  ///< by the group that is being placed
};

}  // namespace

std::vector<Group> single_slices(const PlacementProblem& problem) {
  std::vector<std::vector<std::uint32_t>> slices_of(problem.network.populations().size());
  for (std::uint32_t i = 0; i < problem.slices.size(); ++i) {
    slices_of[index(problem.slices[i].population)].push_back(i);
  }
  std::vector<Group> groups;
  for (const PopulationId population : problem.network.evaluation_order()) {
    for (const std::uint32_t slice : slices_of[index(population)]) {
      if (problem.is_movable(slice)) groups.push_back({slice});
    }
  }
  return groups;
}

Placement place_greedily(PlacementProblem& problem, const std::vector<Group>& groups) {
  GreedyPlacer placer(problem);
  for (const Group& group : groups) placer.place(group);
  return placer.take();
}

}  // namespace synfire::detail
