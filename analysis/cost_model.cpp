// SPDX-License-Identifier: Apache-2.0
#include "analysis/cost_model.hpp"

#include <algorithm>
#include <span>
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
constexpr std::int64_t bytes_of_any = 4 << 20;    // event queue, batches of records

// Wall time on one thread, from `gpt2` and `shipped` of tests/bench/RESULTS.md.
constexpr double seconds_an_event = 80e-9;
constexpr double seconds_a_synaptic_operation = 0.05e-9;
constexpr double seconds_a_neuron_update = 3e-9;
constexpr double seconds_a_state_entry = 0.25e-9;

/// Links between routers, and ends, of the tree below each node.
class TreeSizes {
 public:
  explicit TreeSizes(std::span<const MulticastNode> nodes)
      : crossings_(nodes.size(), 0), ends_(nodes.size(), 0) {
    // Children come after their parents.
    for (std::size_t i = nodes.size(); i-- > 0;) {
      const MulticastNode& node = nodes[i];
      ends_[i] = node.destination != no_destination ? 1 : 0;
      for (std::uint32_t j = 0; j < node.child_count; ++j) {
        const std::size_t child = node.first_child + j;
        // The last link, to a neurocore, is none between routers; nor is the first (below).
        crossings_[i] += crossings_[child] + (nodes[child].child_count > 0 ? 1 : 0);
        ends_[i] += ends_[child];
      }
    }
    for (std::size_t i = 0; i < nodes.size(); ++i)
      has_children_.push_back(nodes[i].child_count > 0);
  }

  /// Of a packet that is sent into the tree of `root`.
  std::int64_t crossings(std::uint32_t root) const {
    return std::max<std::int64_t>(0, crossings_[root] - (has_children_[root] ? 1 : 0));
  }
  std::int64_t ends(std::uint32_t root) const { return ends_[root]; }

 private:
  std::vector<std::int64_t> crossings_;
  std::vector<std::int64_t> ends_;
  std::vector<bool> has_children_;
};

/// Sums over the slices of a mapped network.
class CostCounter {
 public:
  CostCounter(const Network& network, const Mapping& mapping, const NeuronTraffic& traffic,
              const TrafficPlan& plan)
      : network_(network), mapping_(mapping), traffic_(traffic), plan_(plan), sizes_(plan.nodes) {}

  CostPrediction count() {
    for (std::uint32_t i = 0; i < mapping_.slices.size(); ++i) {
      add_spikes(i);
      add_control(i);
    }
    const std::int64_t tokens = std::max<std::int64_t>(traffic_.tokens, 1);
    cost_.packets /= tokens;
    cost_.synaptic_operations /= tokens;
    cost_.crossings = spike_crossings_ / tokens + control_crossings_;
    cost_.events = cost_.crossings + 2 * (cost_.packets + cost_.control_packets) + control_reads_;
    for (const Population& population : network_.populations()) {
      if (population.model == NeuronModel::input) continue;
      cost_.neuron_updates += std::int64_t{population.size} * network_.time_steps();
    }
    return cost_;
  }

 private:
  /// All tokens of the traffic together.
  void add_spikes(std::uint32_t slice) {
    const PopulationSlice& where = mapping_.slices[slice];
    const TrafficPlan::SliceTraffic& sends = plan_.slices[slice];
    for (std::uint32_t neuron = where.begin; neuron < where.end; ++neuron) {
      const std::int64_t packets = traffic_.packets(where.population, neuron, neuron + 1);
      for (const std::uint32_t root : sends.patterns[sends.pattern_of[neuron - where.begin]]) {
        cost_.packets += packets;
        spike_crossings_ += packets * sizes_.crossings(root);
      }
    }
    for (const Destination& destination : sends.destinations) {
      for (const Connection& connection : destination.connections) {
        cost_.synaptic_operations +=
            traffic_.packets(where.population, connection.begin, connection.end) *
            connection.synapses;
      }
    }
  }

  void add_control(const TreeRoots& roots, std::int64_t times) {
    for (const std::uint32_t root : roots) {
      cost_.control_packets += times;
      control_crossings_ += times * sizes_.crossings(root);
      control_reads_ += times * sizes_.ends(root);
    }
  }

  /// One token.
  void add_control(std::uint32_t slice) {
    const TrafficPlan::SliceTraffic& sends = plan_.slices[slice];
    const std::int64_t steps = network_.time_steps();
    add_control(sends.end_of_step, steps - 1);
    add_control(sends.end_of_token, 1);
    for (const CreditTarget& target : sends.credit_targets) add_control(target.roots, steps);
  }

  const Network& network_;
  const Mapping& mapping_;
  const NeuronTraffic& traffic_;
  const TrafficPlan& plan_;
  TreeSizes sizes_;
  CostPrediction cost_;
  std::int64_t spike_crossings_ = 0;
  std::int64_t control_crossings_ = 0;
  std::int64_t control_reads_ = 0;
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

/// Weights that are shared (split_fan_in, heads of equal steps) count once for each projection.
std::int64_t synapses_of(const Network& network) {
  std::int64_t synapses = 0;
  for (const Projection& projection : network.projections()) {
    synapses += static_cast<std::int64_t>(projection.weights.size());
  }
  return synapses;
}

std::int64_t memory_of(const Network& network, const ChipDescription& chip, const Mapping& mapping,
                       const TrafficPlan& plan, const RouterGraph& graph, std::uint32_t context) {
  std::int64_t neurons = 0;
  for (const Population& population : network.populations()) neurons += population.size;
  std::int64_t connections = 0;
  for (const auto& slice : plan.slices) {
    for (const Destination& destination : slice.destinations) {
      connections += static_cast<std::int64_t>(destination.connections.size());
    }
  }
  return bytes_of_any + synapses_of(network) + neurons * bytes_a_neuron +
         connections * bytes_a_connection +
         static_cast<std::int64_t>(plan.nodes.size()) * bytes_a_tree_node +
         static_cast<std::int64_t>(graph.links().size()) * bytes_a_link +
         graph.core_count() * bytes_a_neurocore +
         static_cast<std::int64_t>(mapping.slices.size()) * bytes_a_slice +
         attention_bytes(network, chip, context);
}

}  // namespace

CostPrediction predict_cost(const Network& network, const ChipDescription& chip,
                            const Mapping& mapping, const NeuronTraffic& traffic,
                            std::uint32_t context) {
  const RouterGraph graph = build_graph(chip);
  const TrafficPlan plan = plan_traffic(network, mapping, *make_routing(graph, chip), chip);
  CostPrediction cost = CostCounter(network, mapping, traffic, plan).count();
  cost.synapses = synapses_of(network);
  cost.memory_bytes = memory_of(network, chip, mapping, plan, graph, context);
  cost.seconds = static_cast<double>(cost.events) * seconds_an_event +
                 static_cast<double>(cost.synaptic_operations) * seconds_a_synaptic_operation +
                 static_cast<double>(cost.neuron_updates) * seconds_a_neuron_update +
                 static_cast<double>(state_entries(network)) * seconds_a_state_entry;
  return cost;
}

double replay_seconds(const CostPrediction& cost) {
  return static_cast<double>(cost.events) * seconds_an_event;
}

}  // namespace synfire
