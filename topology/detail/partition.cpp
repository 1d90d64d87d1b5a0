// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sim/error.hpp"
#include "topology/detail/placement_problem.hpp"

#ifdef SYNFIRE_HAS_METIS
#include <metis.h>
#endif

namespace synfire::detail {

#ifndef SYNFIRE_HAS_METIS

std::vector<Group> partition_slices(const PlacementProblem& /*problem*/, std::uint64_t /*seed*/) {
  throw ConfigError("--placement",
                    "partition needs METIS, which was not there when synfire was built; install "
                    "libmetis-dev and build again, or use annealing");
}

#else

namespace {

constexpr std::size_t resources = 4;

std::array<std::int64_t, resources> values_of(const CoreUse& use) {
  return {use.neurons, use.axons_in, use.synapse_memory_bits, use.attention_memory_bits};
}

/// Slices as METIS sees them: compressed rows of neighbours, weights of 31 bits.
class SliceGraph {
 public:
  /// `cores`: that a group may fill.
  SliceGraph(const PlacementProblem& problem, std::size_t cores) : problem_(problem) {
    for (const Group& group : single_slices(problem)) slices_.push_back(group.front());
    add_edges();
    add_needs(static_cast<std::int64_t>(cores));
  }

  const std::vector<std::uint32_t>& slices() const { return slices_; }

  /// Group of each slice; empty if METIS fails.
  std::vector<idx_t> cut(idx_t groups, std::uint64_t seed) {
    auto vertices = static_cast<idx_t>(slices_.size());
    auto constraints = static_cast<idx_t>(capacity_over_sum_.size());
    std::vector<real_t> slack;
    for (const double ratio : capacity_over_sum_) {
      constexpr double fill_level = 0.85;  // or one by one the slices find no room
      constexpr double least = 1.001;      // METIS takes nothing below 1
      slack.push_back(
          static_cast<real_t>(std::max(least, fill_level * ratio * static_cast<double>(groups))));
    }
    std::array<idx_t, METIS_NOPTIONS> options{};
    METIS_SetDefaultOptions(options.data());
    constexpr std::uint64_t most_seeds = 1U << 31U;
    options[METIS_OPTION_SEED] = static_cast<idx_t>(seed % most_seeds);
    constexpr idx_t tries = 10;
    options[METIS_OPTION_NCUTS] = tries;
    std::vector<idx_t> part(slices_.size(), 0);
    idx_t cost = 0;
    const int status = METIS_PartGraphRecursive(
        &vertices, &constraints, row_.data(), neighbour_.data(), needs_.data(), nullptr,
        weight_.data(), &groups, nullptr, slack.data(), options.data(), &cost, part.data());
    return status == METIS_OK ? part : std::vector<idx_t>();
  }

 private:
  using Edges = std::vector<std::pair<idx_t, std::int64_t>>;

  /// Packets may go both ways between two slices, and METIS wants one edge. Its weight now.
  static std::int64_t add_edge(Edges& edges, idx_t other, std::int64_t packets) {
    for (auto& [known, weight] : edges) {
      if (known == other) return weight += packets;
    }
    edges.emplace_back(other, packets);
    return packets;
  }

  void add_edges() {
    std::vector<idx_t> vertex_of(problem_.slices.size(), -1);
    for (std::size_t v = 0; v < slices_.size(); ++v) vertex_of[slices_[v]] = static_cast<idx_t>(v);
    std::vector<Edges> edges(slices_.size());
    std::int64_t heaviest = 1;
    for (std::size_t v = 0; v < slices_.size(); ++v) {
      const auto targets = problem_.traffic.targets(slices_[v]);
      const auto packets = problem_.traffic.packets_to_targets(slices_[v]);
      for (std::size_t i = 0; i < targets.size(); ++i) {
        const idx_t other = vertex_of[targets[i]];
        if (other == static_cast<idx_t>(v)) continue;
        heaviest = std::max(heaviest, add_edge(edges[v], other, packets[i]));
        add_edge(edges[static_cast<std::size_t>(other)], static_cast<idx_t>(v), packets[i]);
      }
    }
    constexpr std::int64_t largest_weight = 100'000;  // sums stay within 31 bits
    const std::int64_t scale = heaviest / largest_weight + 1;
    for (const auto& list : edges) {
      row_.push_back(static_cast<idx_t>(neighbour_.size()));
      for (const auto& [other, packets] : list) {
        neighbour_.push_back(other);
        weight_.push_back(static_cast<idx_t>(packets / scale + 1));
      }
    }
    row_.push_back(static_cast<idx_t>(neighbour_.size()));
  }

  /// Needs in parts of a capacity; resources that nothing needs are no constraint.
  void add_needs(std::int64_t cores) {
    auto capacity = values_of(problem_.capacity);
    for (std::int64_t& value : capacity) value *= cores;
    std::array<std::int64_t, resources> sums{};
    for (const std::uint32_t slice : slices_) {
      const auto needs = values_of(problem_.needs[slice]);
      for (std::size_t r = 0; r < resources; ++r) sums[r] += needs[r];
    }
    for (std::size_t r = 0; r < resources; ++r) {
      if (sums[r] == 0) continue;
      capacity_over_sum_.push_back(static_cast<double>(capacity[r]) / static_cast<double>(sums[r]));
    }
    for (const std::uint32_t slice : slices_) {
      const auto needs = values_of(problem_.needs[slice]);
      for (std::size_t r = 0; r < resources; ++r) {
        constexpr double parts = 10'000;
        if (sums[r] == 0) continue;
        needs_.push_back(static_cast<idx_t>(parts * static_cast<double>(needs[r]) /
                                            static_cast<double>(capacity[r])));
      }
    }
  }

  const PlacementProblem& problem_;
  std::vector<std::uint32_t> slices_;  ///< per vertex, in order of evaluation
  std::vector<idx_t> row_;
  std::vector<idx_t> neighbour_;
  std::vector<idx_t> weight_;
  std::vector<idx_t> needs_;  ///< per vertex, per constraint
  std::vector<double> capacity_over_sum_;
};

}  // namespace

std::vector<Group> partition_slices(const PlacementProblem& problem, std::uint64_t seed) {
  std::set<RouterId> routers;
  std::size_t cores = 1;
  for (const CoreId core : problem.start) {
    if (core == host_core) continue;
    const RouterId router = problem.graph.router_of(core);
    routers.insert(router);
    cores = std::max<std::size_t>(cores, problem.graph.routers()[index(router)].cores);
  }
  SliceGraph graph(problem, cores);
  if (routers.size() < 2) return single_slices(problem);
  const std::vector<idx_t> part = graph.cut(static_cast<idx_t>(routers.size()), seed);
  std::map<idx_t, std::size_t> group_of;
  std::vector<Group> groups;
  for (std::size_t v = 0; v < part.size(); ++v) {
    const auto [place, is_new] = group_of.try_emplace(part[v], groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(graph.slices()[v]);
  }
  return part.empty() ? single_slices(problem) : groups;
}

#endif

}  // namespace synfire::detail
