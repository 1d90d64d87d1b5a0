// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

#include "sim/random.hpp"
#include "topology/detail/placement_problem.hpp"
#include "topology/slice_needs.hpp"

namespace synfire::detail {
namespace {

constexpr std::uint64_t rounds = 4;  // each from the start anew; the best one counts
constexpr std::int64_t proposals_per_slice = 30'000;  // in a round
constexpr std::int64_t most_proposals = 1'000'000;    // in a round: about half a second
constexpr std::int64_t sampled_moves = 500;           // for the first temperature
constexpr double first_over_mean_change = 0.2;
constexpr double last_over_first = 1e-3;
constexpr std::size_t near_cores = 24;  // what a move to the vicinity chooses from

/// One slice goes to one core.
struct Move {
  std::uint32_t slice = 0;
  CoreId to{};
};

class Annealer {
 public:
  Annealer(PlacementProblem& problem, Placement start, RandomStream random)
      : problem_(problem),
        random_(random),
        placement_(std::move(start)),
        uses_(problem.graph.core_count()),
        held_(problem.graph.core_count()),
        near_(problem.graph.core_count()),
        is_affected_(placement_.size(), false) {
    for (std::uint32_t i = 0; i < placement_.size(); ++i) {
      costs_.push_back(cost_of(i));
      cost_ += costs_.back();
      if (!problem.is_movable(i)) continue;
      movable_.push_back(i);
      held_[index(placement_[i])].push_back(i);
      uses_[index(placement_[i])] += problem.needs[i];
    }
    best_ = placement_;
    least_ = cost_;
  }

  void run(std::int64_t proposals) {
    if (movable_.empty() || problem_.candidates.size() < 2) return;
    double temperature = first_over_mean_change * mean_change();
    const double cooling = std::pow(last_over_first, 1.0 / static_cast<double>(proposals));
    for (std::int64_t i = 0; i < proposals; ++i, temperature *= cooling) {
      if (!propose()) continue;
      const std::int64_t change = apply();
      if (change > 0 && random_.uniform() >= std::exp(-static_cast<double>(change) / temperature)) {
        undo();
      } else {
        accept(change);
      }
    }
  }

  const Placement& best() const { return best_; }
  std::int64_t least() const { return least_; }

 private:
  std::int64_t cost_of(std::uint32_t slice) {
    return problem_.traffic.hops_of(slice, placement_, problem_.hops).total();
  }

  std::uint32_t any(std::span<const std::uint32_t> of) { return of[random_.below(of.size())]; }

  double mean_change() {
    double sum = 1;  // never zero
    for (std::int64_t i = 0; i < sampled_moves; ++i) {
      if (!propose()) continue;
      sum += static_cast<double>(std::abs(apply()));
      undo();
    }
    return sum / sampled_moves;
  }

  const std::vector<CoreId>& near(CoreId core) {
    std::vector<CoreId>& cores = near_[index(core)];
    if (!cores.empty()) return cores;
    cores = problem_.candidates;
    std::ranges::stable_sort(cores, {}, [&](CoreId other) {
      return problem_.hops.hops(core, other) + problem_.hops.hops(other, core);
    });
    cores.resize(std::min(cores.size(), near_cores));
    return cores;
  }

  /// Any core, or one near a slice that this one talks to.
  CoreId choose_core(std::uint32_t slice) {
    if (random_.below(2) == 0) {
      return problem_.candidates[random_.below(problem_.candidates.size())];
    }
    const auto sources = problem_.traffic.sources(slice);
    const auto targets = problem_.traffic.targets(slice);
    const std::uint64_t n =
        random_.below(std::max<std::size_t>(sources.size() + targets.size(), 1));
    CoreId centre = placement_[slice];
    if (n < sources.size()) {
      centre = placement_[sources[n]];
    } else if (n < sources.size() + targets.size()) {
      centre = placement_[targets[n - sources.size()]];
    }
    if (centre == host_core) centre = problem_.candidates.front();
    const std::vector<CoreId>& cores = near(centre);
    return cores[random_.below(cores.size())];
  }

  /// Fills moves_ with a change that keeps all capacities; false if it was none.
  bool propose() {
    moves_.clear();
    const std::uint32_t slice = any(movable_);
    const CoreId from = placement_[slice];
    const CoreId to = choose_core(slice);
    if (to == from) return false;
    if (fits(uses_[index(to)], problem_.needs[slice], problem_.capacity)) {
      moves_ = {{slice, to}};
      return true;
    }
    const std::uint32_t other = any(held_[index(to)]);
    if (fits_instead(slice, other, to) && fits_instead(other, slice, from)) {
      moves_ = {{slice, to}, {other, from}};
      return true;
    }
    for (const std::uint32_t i : held_[index(from)]) moves_.push_back({i, to});
    for (const std::uint32_t i : held_[index(to)]) moves_.push_back({i, from});
    return true;
  }

  bool fits_instead(std::uint32_t slice, std::uint32_t leaving, CoreId core) const {
    CoreUse use = uses_[index(core)];
    use -= problem_.needs[leaving];
    return fits(use, problem_.needs[slice], problem_.capacity);
  }

  void affect(std::uint32_t slice) {
    if (is_affected_[slice]) return;
    is_affected_[slice] = true;
    affected_.push_back({slice, costs_[slice]});
  }

  /// Makes the moves; returns what the cost changes by.
  std::int64_t apply() {
    affected_.clear();
    for (Move& move : moves_) {
      affect(move.slice);
      for (const std::uint32_t source : problem_.traffic.sources(move.slice)) affect(source);
      std::swap(placement_[move.slice], move.to);
    }
    std::int64_t change = 0;
    for (const auto& [slice, before] : affected_) {
      is_affected_[slice] = false;
      costs_[slice] = cost_of(slice);
      change += costs_[slice] - before;
    }
    return change;
  }

  void undo() {
    for (Move& move : moves_) std::swap(placement_[move.slice], move.to);
    for (const auto& [slice, before] : affected_) costs_[slice] = before;
  }

  void accept(std::int64_t change) {
    for (const Move& move : moves_) {  // move.to is where it was
      std::erase(held_[index(move.to)], move.slice);
      uses_[index(move.to)] -= problem_.needs[move.slice];
    }
    for (const Move& move : moves_) {
      const CoreId now = placement_[move.slice];
      held_[index(now)].push_back(move.slice);
      uses_[index(now)] += problem_.needs[move.slice];
    }
    cost_ += change;
    if (cost_ >= least_) return;
    least_ = cost_;
    best_ = placement_;
  }

  PlacementProblem& problem_;
  RandomStream random_;
  Placement placement_;
  std::vector<CoreUse> uses_;                     ///< per core
  std::vector<std::vector<std::uint32_t>> held_;  ///< per core: slices
  std::vector<std::vector<CoreId>> near_;         ///< per core, once asked for
  std::vector<std::uint32_t> movable_;
  std::vector<std::int64_t> costs_;  ///< per slice
  std::int64_t cost_ = 0;
  Placement best_;
  std::int64_t least_ = 0;
  std::vector<Move> moves_;
  std::vector<bool> is_affected_;                                 ///< per slice
  std::vector<std::pair<std::uint32_t, std::int64_t>> affected_;  ///< slice, its cost before
};

}  // namespace

Placement anneal(PlacementProblem& problem, const Placement& start, std::uint64_t seed,
                 std::int64_t proposals) {
  if (proposals == 0) {
    proposals =
        std::min(static_cast<std::int64_t>(start.size()) * proposals_per_slice, most_proposals);
  }
  Placement best = start;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (std::uint64_t round = 0; round < rounds; ++round) {
    Annealer annealer(problem, start, RandomStream(seed, round));
    annealer.run(proposals);
    if (annealer.least() >= least) continue;
    least = annealer.least();
    best = annealer.best();
  }
  return best;
}

}  // namespace synfire::detail
