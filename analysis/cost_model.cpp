// SPDX-License-Identifier: Apache-2.0
#include "analysis/cost_model.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "topology/routing.hpp"
#include "topology/topologies.hpp"
#include "topology/traffic_plan.hpp"

namespace synfire {
namespace {

// Bytes by what grows, counted on decoders of five sizes with operator new replaced
// (tests/bench/cost_model_test); what does not grow is below.
constexpr std::int64_t bytes_a_neuron = 120;      // parameters, membrane, sums, table of patterns
constexpr std::int64_t bytes_a_connection = 32;   // Connection
constexpr std::int64_t bytes_a_tree_node = 72;    // MulticastNode and the network's own copy
constexpr std::int64_t bytes_a_link = 700;        // queues, counters
constexpr std::int64_t bytes_a_neurocore = 1500;  // queues, counters
constexpr std::int64_t bytes_a_slice = 3000;      // accumulator buffers' vectors, outputs
constexpr std::int64_t bytes_of_any = 64 << 10;   // event queue

/// Start and end, the last end of a source that is read, the last credit.
constexpr std::int64_t events_a_step = 4;
/// Arrival, the link's end of sending, the returned credit.
constexpr std::int64_t events_a_link_with_credits = 3;

// Process time on one thread of the machine of tests/bench/RESULTS.md: fitted to the shipped
// decoder on loihi-like (7.8 M events in 0.38 s), on neurocores of 64 neurons by tree (3.7 M, 0.23
// s) and unicast (6.8 M, 0.34 s), with credits (7.7 M, 0.36 s), and to decoders of GPT-2 small's
// size (1.03 M in 56 ms, 6.3 M in 292 ms a token); the rest from `core`.
constexpr double seconds_an_event = 44e-9;
constexpr double seconds_a_crossing = 8e-9;  // on top
constexpr double seconds_a_synaptic_operation = 0.05e-9;
constexpr double seconds_a_neuron_update = 3e-9;
constexpr double seconds_a_state_entry = 0.25e-9;

/// Events of one packet into a tree, beside that of the neuron that fires.
struct TreeCost {
  std::int64_t crossings = 0;  ///< links between routers
  std::int64_t events = 0;     ///< these, injection, arrivals that no link foresees
};

/// Cores that send to themselves: what they get is an event each, since it comes over two links.
std::vector<bool> cores_with_own_packets(const TrafficPlan& plan, const Mapping& mapping,
                                         std::uint32_t cores) {
  std::vector<bool> found(cores + 1, false);
  const auto look_at = [&](std::size_t slice, const TreeRoots& roots) {
    const CoreId core = mapping.slices[slice].core;
    for (const std::uint32_t root : roots) {
      if (plan.nodes[root].destination == no_destination) continue;
      found[core == host_core ? cores : index(core)] = true;
    }
  };
  for (std::size_t i = 0; i < plan.slices.size(); ++i) {
    look_at(i, plan.slices[i].end_of_token);
    look_at(i, plan.slices[i].credits);
  }
  return found;
}

/// Sums over the slices of a mapped network.
class CostCounter {
 public:
  CostCounter(const Network& network, const Mapping& mapping, const NeuronTraffic& traffic,
              const TrafficPlan& plan, const ChipDescription& chip, std::uint32_t cores)
      : network_(network),
        mapping_(mapping),
        traffic_(traffic),
        plan_(plan),
        has_credits_(chip.flow_control.kind == FlowControl::credit),
        has_own_packets_(cores_with_own_packets(plan, mapping, cores)) {}

  CostPrediction count() {
    for (std::uint32_t i = 0; i < mapping_.slices.size(); ++i) {
      add_spikes(i);
      add_control(i);
    }
    const std::int64_t tokens = std::max<std::int64_t>(traffic_.tokens, 1);
    cost_.packets /= tokens;
    cost_.synaptic_operations /= tokens;
    cost_.multiply_accumulates /= tokens;
    cost_.crossings = spike_crossings_ / tokens + control_crossings_;
    cost_.events = spike_events_ / tokens + control_events_;
    for (const Population& population : network_.populations()) {
      if (population.model == NeuronModel::input) continue;
      cost_.neuron_updates += std::int64_t{population.size} * network_.time_steps();
    }
    return cost_;
  }

 private:
  /// `node` and what is below it; `core_of_end` maps a destination to its neurocore.
  template <typename CoreOfEnd>
  void walk(std::uint32_t node, bool is_root, CoreOfEnd core_of_end, TreeCost& cost) const {
    const MulticastNode& here = plan_.nodes[node];
    if (is_root && has_credits_) ++cost.events;  // composed
    if (here.destination != no_destination) {
      const bool is_foreseen = !is_root && !has_own_packets_[core_of_end(here.destination)];
      if (!is_foreseen && !has_credits_) ++cost.events;
    }
    for (std::uint32_t i = 0; i < here.child_count; ++i) {
      const std::uint32_t child = here.first_child + i;
      const bool is_between_routers = !is_root && plan_.nodes[child].child_count > 0;
      if (is_between_routers) ++cost.crossings;
      if (has_credits_) {
        cost.events += events_a_link_with_credits;
      } else if (is_root || is_between_routers) {
        ++cost.events;
      }
      walk(child, false, core_of_end, cost);
    }
  }

  /// All tokens of the traffic together.
  void add_spikes(std::uint32_t slice) {
    const PopulationSlice& where = mapping_.slices[slice];
    const TrafficPlan::SliceTraffic& sends = plan_.slices[slice];
    const auto core_of_end = [&](std::uint32_t end) { return sends.destinations[end].core; };
    std::vector<TreeCost> patterns;
    for (const TreeRoots& roots : sends.patterns) {
      TreeCost& cost = patterns.emplace_back();
      for (const std::uint32_t root : roots) walk(root, true, core_of_end, cost);
    }
    for (std::uint32_t neuron = where.begin; neuron < where.end; ++neuron) {
      const std::int64_t fired = traffic_.packets(where.population, neuron, neuron + 1);
      const std::uint32_t pattern = sends.pattern_of[neuron - where.begin];
      cost_.packets += fired * static_cast<std::int64_t>(sends.patterns[pattern].size());
      spike_crossings_ += fired * patterns[pattern].crossings;
      spike_events_ += fired * (1 + patterns[pattern].events);
    }
    for (const Destination& destination : sends.destinations) {
      for (const Connection& connection : destination.connections) {
        const std::int64_t products =
            traffic_.packets(where.population, connection.begin, connection.end) *
            connection.synapses;
        (connection.factor_bits > 0 ? cost_.multiply_accumulates : cost_.synaptic_operations) +=
            products;
      }
    }
  }

  template <typename CoreOfEnd>
  void add_control(const TreeRoots& roots, std::int64_t times, CoreOfEnd core_of_end) {
    TreeCost cost;
    for (const std::uint32_t root : roots) walk(root, true, core_of_end, cost);
    cost_.control_packets += times * static_cast<std::int64_t>(roots.size());
    control_crossings_ += times * cost.crossings;
    control_events_ += times * cost.events;
  }

  /// One token: starts and ends of steps, and who is told of them.
  void add_control(std::uint32_t slice) {
    const TrafficPlan::SliceTraffic& sends = plan_.slices[slice];
    const std::int64_t steps = network_.time_steps();
    const auto core_of_end = [&](std::uint32_t end) { return sends.destinations[end].core; };
    add_control(sends.end_of_step, steps - 1, core_of_end);
    add_control(sends.end_of_token, 1, core_of_end);
    add_control(sends.credits, steps,
                [&](std::uint32_t end) { return sends.credit_destinations[end].core; });
    control_events_ += events_a_step * steps;
  }

  const Network& network_;
  const Mapping& mapping_;
  const NeuronTraffic& traffic_;
  const TrafficPlan& plan_;
  bool has_credits_;
  std::vector<bool> has_own_packets_;  ///< per core, last the host
  CostPrediction cost_;
  std::int64_t spike_crossings_ = 0;
  std::int64_t spike_events_ = 0;
  std::int64_t control_crossings_ = 0;
  std::int64_t control_events_ = 0;
};

/// Entries of S a step that published attention in `state` and leaky attention visit.
std::int64_t state_entries(const Network& network) {
  std::int64_t entries = 0;
  for (const Population& population : network.populations()) {
    if (population.model != NeuronModel::attention) continue;
    const std::int64_t width = population.size / population.attention.heads;
    entries += population.size * width * network.time_steps();
  }
  return entries;
}

std::int64_t attention_bytes(const Network& network, const ChipDescription& chip,
                             std::uint32_t context) {
  constexpr std::int64_t bytes_an_entry = 4;
  constexpr std::int64_t bits_a_byte = 8;
  std::int64_t score = 0;  // keys and values, a bit each
  for (const Population& population : network.populations()) {
    if (population.model != NeuronModel::attention) continue;
    score += 2 * std::int64_t{population.size} * network.time_steps() * context / bits_a_byte;
  }
  const bool is_score =
      chip.attention.realisation == AttentionRealisation::score &&
      std::ranges::none_of(network.populations(), [](const Population& p) {
        return p.model == NeuronModel::attention && p.attention.kind == AttentionKind::leaky;
      });
  return is_score ? score : state_entries(network) * bytes_an_entry;
}

/// Weights to populations that `is_wanted` names. Those that several projections share
/// (split_fan_in) count once.
template <typename IsWanted>
std::int64_t synapses_to(const Network& network, IsWanted is_wanted) {
  std::set<const std::int8_t*> counted;
  std::int64_t synapses = 0;
  for (const Projection& projection : network.projections()) {
    if (projection.weights.empty() || !is_wanted(projection.target)) continue;
    if (!counted.insert(projection.weights.data()).second) continue;
    synapses += static_cast<std::int64_t>(projection.weights.size());
  }
  return synapses;
}

std::int64_t synapses_of(const Network& network) {
  return synapses_to(network, [](PopulationId) { return true; });
}

/// What is needed wherever a part of the chip is simulated: who sends where, and along which links.
std::int64_t plan_bytes(const TrafficPlan& plan, const RouterGraph& graph) {
  std::int64_t connections = 0;
  for (const auto& slice : plan.slices) {
    for (const Destination& destination : slice.destinations) {
      connections += static_cast<std::int64_t>(destination.connections.size());
    }
  }
  return bytes_of_any + connections * bytes_a_connection +
         static_cast<std::int64_t>(plan.nodes.size()) * bytes_a_tree_node +
         static_cast<std::int64_t>(graph.links().size()) * bytes_a_link +
         graph.core_count() * bytes_a_neurocore;
}

std::int64_t neurons_of(const Network& network) {
  std::int64_t neurons = 0;
  for (const Population& population : network.populations()) neurons += population.size;
  return neurons;
}

std::int64_t memory_of(const Network& network, const ChipDescription& chip, const Mapping& mapping,
                       const TrafficPlan& plan, const RouterGraph& graph, std::uint32_t context) {
  return plan_bytes(plan, graph) + synapses_of(network) + neurons_of(network) * bytes_a_neuron +
         static_cast<std::int64_t>(mapping.slices.size()) * bytes_a_slice +
         attention_bytes(network, chip, context);
}

/// What lies on a rank, beside synapses.
struct RankContents {
  std::vector<bool> has_population;  ///< a slice of it at least
  std::int64_t neurons = 0;
  std::int64_t attention_neurons = 0;
  std::int64_t slices = 0;
};

std::vector<RankContents> contents_of_ranks(const Network& network, const Mapping& mapping,
                                            const RouterGraph& graph,
                                            std::span<const std::uint32_t> rank_of_router) {
  std::vector<RankContents> ranks(
      std::ranges::max(rank_of_router) + 1,
      {.has_population = std::vector<bool>(network.populations().size(), false)});
  for (const PopulationSlice& slice : mapping.slices) {
    RankContents& rank = ranks[rank_of_router[index(graph.router_of(slice.core))]];
    rank.has_population[index(slice.population)] = true;
    ++rank.slices;
    rank.neurons += slice.size();
    const Population& population = network.populations()[index(slice.population)];
    if (population.model == NeuronModel::attention) rank.attention_neurons += slice.size();
  }
  return ranks;
}

}  // namespace

CostPrediction predict_cost(const Network& network, const ChipDescription& chip,
                            const Mapping& mapping, const NeuronTraffic& traffic,
                            std::uint32_t context) {
  const RouterGraph graph = build_graph(chip);
  const TrafficPlan plan = plan_traffic(network, mapping, *make_routing(graph, chip), chip);
  CostPrediction cost =
      CostCounter(network, mapping, traffic, plan, chip, graph.core_count()).count();
  cost.synapses = synapses_of(network);
  cost.memory_bytes = memory_of(network, chip, mapping, plan, graph, context);
  cost.seconds = replay_seconds(cost) +
                 static_cast<double>(cost.synaptic_operations) * seconds_a_synaptic_operation +
                 static_cast<double>(cost.neuron_updates) * seconds_a_neuron_update +
                 static_cast<double>(state_entries(network)) * seconds_a_state_entry;
  return cost;
}

std::vector<std::int64_t> predict_rank_memory(const Network& network, const ChipDescription& chip,
                                              const Mapping& mapping, std::uint32_t context,
                                              std::span<const std::uint32_t> rank_of_router) {
  const RouterGraph graph = build_graph(chip);
  const TrafficPlan plan = plan_traffic(network, mapping, *make_routing(graph, chip), chip);
  const auto ranks = contents_of_ranks(network, mapping, graph, rank_of_router);
  std::int64_t attention_neurons = 0;
  for (const RankContents& rank : ranks) attention_neurons += rank.attention_neurons;
  const std::int64_t attention = attention_bytes(network, chip, context);
  std::vector<std::int64_t> bytes;
  for (const RankContents& rank : ranks) {
    const std::int64_t synapses = synapses_to(
        network, [&](PopulationId target) { return rank.has_population[index(target)]; });
    bytes.push_back(plan_bytes(plan, graph) + synapses + rank.neurons * bytes_a_neuron +
                    rank.slices * bytes_a_slice +
                    attention * rank.attention_neurons /
                        std::max(attention_neurons, std::int64_t{1}));
  }
  return bytes;
}

double replay_seconds(const CostPrediction& cost) {
  return static_cast<double>(cost.events) * seconds_an_event +
         static_cast<double>(cost.crossings) * seconds_a_crossing;
}

}  // namespace synfire
