// SPDX-License-Identifier: Apache-2.0
#include "topology/board_share.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "sim/error.hpp"
#include "topology/neuron_traffic.hpp"
#include "topology/slice_traffic.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

/// What chips have to do, and what they send each other.
struct ChipTraffic {
  ChipTraffic(const Network& network, const RouterGraph& graph, const BoardChips& chips,
              const Mapping& mapping)
      : count(chips.count), work(chips.count, 0), packets(std::size_t{count} * count, 0) {
    const NeuronTraffic rates = assumed_traffic(network);
    const SliceTraffic traffic(network, mapping.slices, rates, graph.core_count());
    const auto chip_of = [&](std::uint32_t slice) {
      return chips.chip_of_router[index(graph.router_of(mapping.slices[slice].core))];
    };
    for (std::uint32_t slice = 0; slice < mapping.slices.size(); ++slice) {
      const std::uint32_t here = chip_of(slice);
      work[here] += std::int64_t{mapping.slices[slice].size()} * network.time_steps();
      const auto targets = traffic.targets(slice);
      const auto sent = traffic.packets_to_targets(slice);
      for (std::size_t i = 0; i < targets.size(); ++i) {
        const std::uint32_t there = chip_of(targets[i]);
        work[here] += sent[i];
        work[there] += sent[i];
        packets[here * count + there] += sent[i];
        packets[there * count + here] += sent[i];
      }
    }
  }

  std::uint32_t count;
  std::vector<std::int64_t> work;
  std::vector<std::int64_t> packets;  ///< [chip][chip], both ways together
};

/// Chips in groups that get better step by step.
class ChipGroups {
 public:
  ChipGroups(const ChipTraffic& traffic, std::uint32_t groups)
      : traffic_(traffic), group_of_(traffic.count, 0), work_(groups, 0), size_(groups, 0) {
    cut_into_runs();
    for (std::uint32_t chip = 0; chip < traffic.count; ++chip) {
      work_[group_of_[chip]] += traffic.work[chip];
      ++size_[group_of_[chip]];
    }
    const std::int64_t whole = std::accumulate(work_.begin(), work_.end(), std::int64_t{0});
    fair_work_ = whole / groups + whole / groups / 10;
  }

  void improve() {
    constexpr int most_rounds = 100;
    for (int round = 0; round < most_rounds; ++round) {
      bool has_improved = false;
      for (std::uint32_t chip = 0; chip < traffic_.count; ++chip) has_improved |= improve(chip);
      if (!has_improved) return;
    }
  }

  const std::vector<std::uint32_t>& group_of() const { return group_of_; }

 private:
  /// Group g ends where its share of the work is reached, with a chip left for each later one.
  void cut_into_runs() {
    const auto groups = static_cast<std::uint32_t>(work_.size());
    std::int64_t left =
        std::accumulate(traffic_.work.begin(), traffic_.work.end(), std::int64_t{0});
    std::uint32_t chip = 0;
    for (std::uint32_t group = 0; group < groups; ++group) {
      const std::uint32_t last = traffic_.count - (groups - group - 1);
      const std::int64_t share = left / (groups - group);
      std::int64_t sum = 0;
      const std::uint32_t first = chip;
      while (chip < last &&
             (chip == first || group + 1 == groups || sum + traffic_.work[chip] / 2 <= share)) {
        sum += traffic_.work[chip];
        group_of_[chip++] = group;
      }
      left -= sum;
    }
  }

  /// Work beyond a fair share, then packets between groups: what there should be little of.
  std::pair<std::int64_t, std::int64_t> cost() const {
    const std::int64_t busiest = *std::ranges::max_element(work_);
    std::int64_t cut = 0;
    for (std::uint32_t a = 0; a < traffic_.count; ++a) {
      for (std::uint32_t b = a + 1; b < traffic_.count; ++b) {
        if (group_of_[a] != group_of_[b]) cut += traffic_.packets[a * traffic_.count + b];
      }
    }
    return {std::max(busiest, fair_work_), cut};
  }

  void move(std::uint32_t chip, std::uint32_t group) {
    work_[group_of_[chip]] -= traffic_.work[chip];
    --size_[group_of_[chip]];
    group_of_[chip] = group;
    work_[group] += traffic_.work[chip];
    ++size_[group];
  }

  /// Moves the chip to another group, or exchanges it with another chip, if that is better.
  bool improve(std::uint32_t chip) {
    const auto before = cost();
    const std::uint32_t home = group_of_[chip];
    for (std::uint32_t group = 0; size_[home] > 1 && group < work_.size(); ++group) {
      if (group == home) continue;
      move(chip, group);
      if (cost() < before) return true;
      move(chip, home);
    }
    for (std::uint32_t other = 0; other < traffic_.count; ++other) {
      const std::uint32_t group = group_of_[other];
      if (group == home) continue;
      move(chip, group);
      move(other, home);
      if (cost() < before) return true;
      move(chip, home);
      move(other, group);
    }
    return false;
  }

  const ChipTraffic& traffic_;
  std::vector<std::uint32_t> group_of_;
  std::vector<std::int64_t> work_;   ///< per group
  std::vector<std::uint32_t> size_;  ///< per group: chips
  std::int64_t fair_work_ = 0;
};

void check_latencies(const RouterGraph& graph, const ChipDescription& chip,
                     const std::vector<std::uint32_t>& rank_of_router) {
  for (const Link& link : graph.router_links()) {
    if (rank_of_router[index(link.from)] == rank_of_router[index(link.to)]) continue;
    if (description_of(chip, link).latency > Duration{0}) continue;
    throw ConfigError("link.board.latency",
                      "is 0 ps from router " + graph.label(link.from) + " to " +
                          graph.label(link.to) +
                          ", so a rank could simulate nothing before it has heard the other; give "
                          "links between chips a latency, or use one rank");
  }
}

}  // namespace

BoardChips chips_of(const RouterGraph& graph) {
  constexpr std::uint32_t none = 0xffffffffU;
  BoardChips chips;
  chips.chip_of_router.assign(graph.router_count(), none);
  std::vector<std::vector<std::uint32_t>> neighbours(graph.router_count());
  for (const Link& link : graph.router_links()) {
    if (link.kind == LinkKind::board) continue;
    neighbours[index(link.from)].push_back(index(link.to));
    neighbours[index(link.to)].push_back(index(link.from));
  }
  for (std::uint32_t router = 0; router < graph.router_count(); ++router) {
    if (chips.chip_of_router[router] != none) continue;
    std::vector<std::uint32_t> reached{router};
    chips.chip_of_router[router] = chips.count;
    while (!reached.empty()) {
      const std::uint32_t at = reached.back();
      reached.pop_back();
      for (const std::uint32_t next : neighbours[at]) {
        if (std::exchange(chips.chip_of_router[next], chips.count) == none) reached.push_back(next);
      }
    }
    ++chips.count;
  }
  return chips;
}

std::vector<std::uint32_t> chips_per_rank(const BoardChips& chips,
                                          const std::vector<std::uint32_t>& rank_of_router,
                                          std::uint32_t ranks) {
  std::vector<std::uint32_t> counts(ranks, 0);
  std::uint32_t numbered = 0;
  for (std::size_t router = 0; router < rank_of_router.size(); ++router) {
    if (chips.chip_of_router[router] != numbered) continue;
    ++counts[rank_of_router[router]];
    ++numbered;
  }
  return counts;
}

std::vector<std::uint32_t> share_board(const Network& network, const ChipDescription& chip,
                                       const Mapping& mapping, std::uint32_t ranks) {
  const RouterGraph graph = build_graph(chip);
  const BoardChips chips = chips_of(graph);
  if (ranks > chips.count) {
    throw ConfigError("ranks",
                      std::to_string(ranks) + " ranks cannot share " + std::to_string(chips.count) +
                          (chips.count == 1 ? " chip" : " chips") +
                          ": a rank simulates whole chips; start at most " +
                          std::to_string(chips.count) + ", or set board.columns and board.rows");
  }
  const ChipTraffic traffic(network, graph, chips, mapping);
  ChipGroups groups(traffic, ranks);
  groups.improve();
  // The host's group is the first rank's.
  const std::uint32_t first = groups.group_of()[chips.chip_of_router[index(host_router)]];
  std::vector<std::uint32_t> rank_of_router;
  for (const std::uint32_t on_board : chips.chip_of_router) {
    const std::uint32_t group = groups.group_of()[on_board];
    rank_of_router.push_back(group == first ? 0 : group == 0 ? first : group);
  }
  check_latencies(graph, chip, rank_of_router);
  return rank_of_router;
}

void free_weights_elsewhere(Network& network, const Mapping& mapping, const RouterGraph& graph,
                            const std::vector<std::uint32_t>& rank_of_router, std::uint32_t rank) {
  std::vector<bool> is_here(network.populations().size(), false);
  for (const PopulationSlice& slice : mapping.slices) {
    if (rank_of_router[index(graph.router_of(slice.core))] == rank) {
      is_here[index(slice.population)] = true;
    }
  }
  for (std::uint32_t i = 0; i < network.projections().size(); ++i) {
    const ProjectionId id{i};
    if (!is_here[index(network.projection(id).target)]) network.free_weights(id);
  }
}

}  // namespace synfire
