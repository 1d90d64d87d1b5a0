// SPDX-License-Identifier: Apache-2.0
#include "topology/traffic_plan.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "topology/link_timing.hpp"
#include "topology/slice_needs.hpp"

namespace synfire {
namespace {

using Indices = std::vector<std::uint32_t>;

std::uint32_t quotient_rounded_up(std::int64_t count, std::int64_t each) {
  return static_cast<std::uint32_t>((count + each - 1) / each);
}

std::vector<StepTarget> distinct_targets(const std::vector<Connection>& connections) {
  std::set<StepTarget> targets;
  for (const Connection& c : connections) targets.insert({c.target, c.delay});
  return {targets.begin(), targets.end()};
}

/// Trees from one slice to sets of its destinations, each made once.
class TreePlanner {
 public:
  TreePlanner(std::vector<MulticastNode>& nodes, const std::vector<Route>& routes,
              Multicast multicast)
      : nodes_(nodes), routes_(routes), multicast_(multicast) {}

  TreeRoots roots_to(const Indices& destinations) {
    if (destinations.empty()) return {};
    if (multicast_ == Multicast::tree) return {root_of(destinations)};
    TreeRoots roots;
    for (const std::uint32_t destination : destinations) roots.push_back(root_of({destination}));
    return roots;
  }

 private:
  std::uint32_t root_of(const Indices& destinations) {
    const auto [place, is_new] = roots_.try_emplace(destinations, 0);
    if (is_new) {
      std::vector<RoutedDestination> branches;
      for (const std::uint32_t i : destinations) branches.emplace_back(routes_[i], i);
      place->second = append_tree(nodes_, branches);
    }
    return place->second;
  }

  std::vector<MulticastNode>& nodes_;
  const std::vector<Route>& routes_;  ///< per destination
  Multicast multicast_;
  std::map<Indices, std::uint32_t> roots_;
};

class Planner {
 public:
  Planner(const Network& network, const Mapping& mapping, const Routing& routing,
          const ChipDescription& chip)
      : network_(network), mapping_(mapping), routing_(routing), chip_(chip) {
    plan_.slices.resize(mapping.slices.size());
    slices_of_.resize(network.populations().size());
    sources_of_.resize(mapping.slices.size());
    for (std::uint32_t i = 0; i < mapping.slices.size(); ++i) {
      slices_of_[index(mapping.slices[i].population)].push_back(i);
    }
  }

  TrafficPlan plan() {
    for (std::uint32_t i = 0; i < mapping_.slices.size(); ++i) {
      connect(i);
      plan_trees(i);
    }
    for (std::uint32_t i = 0; i < mapping_.slices.size(); ++i) plan_credits(i);
    count_ends();
    fill_zero_load(plan_.nodes, link_timings(routing_.graph(), chip_));
    return std::move(plan_);
  }

 private:
  std::uint32_t host_index() const { return routing_.graph().core_count(); }
  std::uint32_t core_index(CoreId core) const {
    return core == host_core ? host_index() : index(core);
  }
  CoreId core_id(std::uint32_t core) const {
    return core == host_index() ? host_core : CoreId{core};
  }

  void connect(std::uint32_t source) {
    const PopulationSlice& from = mapping_.slices[source];
    std::map<std::uint32_t, Destination> by_core;
    std::set<std::uint32_t> targets;
    for (const ProjectionId id : network_.outgoing(from.population)) {
      for (const std::uint32_t target : slices_of_[index(network_.projection(id).target)]) {
        const Connection connection = make_connection(id, from, target);
        if (connection.begin >= connection.end) continue;
        by_core[core_index(mapping_.slices[target].core)].connections.push_back(connection);
        targets.insert(target);
      }
    }
    if (network_.population(from.population).model == NeuronModel::readout) {
      by_core.try_emplace(host_index());
    }
    for (auto& [core, destination] : by_core) {
      destination.core = core;
      destination.targets = distinct_targets(destination.connections);
      plan_.slices[source].destinations.push_back(std::move(destination));
    }
    plan_.slices[source].target_slices = static_cast<std::uint32_t>(targets.size());
    for (const std::uint32_t target : targets) sources_of_[target].push_back(source);
  }

  Connection make_connection(ProjectionId id, const PopulationSlice& from,
                             std::uint32_t target) const {
    const Projection& projection = network_.projection(id);
    const PopulationSlice& to = mapping_.slices[target];
    const auto incoming = network_.incoming(projection.target);
    Connection connection;
    connection.target = target;
    connection.delay = projection.delay;
    connection.input =
        static_cast<std::uint32_t>(std::ranges::find(incoming, id) - incoming.begin());
    if (projection.connectivity == Connectivity::one_to_one) {
      connection.begin = std::max(from.begin, to.begin);
      connection.end = std::min(from.end, to.end);
      return connection;
    }
    connection.begin = std::max(from.begin, projection.source_begin);
    connection.end = std::min(from.end, projection.source_end);
    connection.synapses = to.size();
    connection.words = quotient_rounded_up(to.size() * chip_.format.weight_bits,
                                           chip_.neurocore.synapse_word_bits);
    if (network_.multiplies(projection)) {
      connection.groups = 0;
      connection.product_groups = quotient_rounded_up(to.size(), chip_.dense.lanes);
      connection.factor_bits =
          static_cast<std::uint32_t>(factor_bits(network_, projection.source, chip_));
    } else {
      connection.groups = quotient_rounded_up(to.size(), chip_.neurocore.synapse_lanes);
    }
    return connection;
  }

  void plan_trees(std::uint32_t source) {
    TrafficPlan::SliceTraffic& traffic = plan_.slices[source];
    const PopulationSlice& from = mapping_.slices[source];
    std::vector<Route> routes;
    for (const Destination& destination : traffic.destinations) {
      routes.push_back(routing_.route(from.core, core_id(destination.core)));
    }
    TreePlanner trees(plan_.nodes, routes, chip_.multicast);
    Indices all(traffic.destinations.size());
    std::iota(all.begin(), all.end(), 0);
    traffic.end_of_token = trees.roots_to(all);
    std::erase_if(all, [&](auto i) { return traffic.destinations[i].core == host_index(); });
    traffic.end_of_step = trees.roots_to(all);
    std::map<Indices, std::uint32_t> patterns;
    for (std::uint32_t neuron = from.begin; neuron < from.end; ++neuron) {
      const Indices reached = destinations_of(traffic, neuron);
      const auto count = static_cast<std::uint32_t>(patterns.size());
      const auto [place, is_new] = patterns.try_emplace(reached, count);
      if (is_new) {
        traffic.patterns.push_back(trees.roots_to(reached));
        traffic.deliveries.push_back(static_cast<std::uint32_t>(reached.size()));
      }
      traffic.pattern_of.push_back(place->second);
    }
  }

  /// Where the neuron drives anything; the host takes every logit.
  static Indices destinations_of(const TrafficPlan::SliceTraffic& traffic, std::uint32_t neuron) {
    Indices reached;
    for (std::uint32_t i = 0; i < traffic.destinations.size(); ++i) {
      const auto& connections = traffic.destinations[i].connections;
      const bool is_driven =
          std::ranges::any_of(connections, [&](const auto& c) { return c.has(neuron); });
      if (is_driven || connections.empty()) reached.push_back(i);
    }
    return reached;
  }

  void plan_credits(std::uint32_t target) {
    TrafficPlan::SliceTraffic& traffic = plan_.slices[target];
    auto& destinations = traffic.credit_destinations;
    std::vector<Route> routes;
    for (const std::uint32_t source : sources_of_[target]) {
      const std::uint32_t core = core_index(mapping_.slices[source].core);
      const auto known = std::ranges::find(destinations, core, &CreditDestination::core);
      if (chip_.multicast == Multicast::tree && known != destinations.end()) {
        known->slices.push_back(source);
        continue;
      }
      destinations.push_back({core, {source}});
      routes.push_back(routing_.route(mapping_.slices[target].core, mapping_.slices[source].core));
    }
    Indices all(destinations.size());
    std::iota(all.begin(), all.end(), 0);
    traffic.credits = TreePlanner(plan_.nodes, routes, chip_.multicast).roots_to(all);
  }

  void count_ends() {
    for (auto& traffic : plan_.slices) traffic.ends_due.assign(network_.greatest_delay() + 1, 0);
    for (const auto& traffic : plan_.slices) {
      for (const Destination& destination : traffic.destinations) {
        for (const auto& [slice, delay] : destination.targets) {
          ++plan_.slices[slice].ends_due[delay];
        }
      }
    }
    for (auto& traffic : plan_.slices) {
      std::partial_sum(traffic.ends_due.begin(), traffic.ends_due.end(), traffic.ends_due.begin());
    }
  }

  const Network& network_;
  const Mapping& mapping_;
  const Routing& routing_;
  const ChipDescription& chip_;
  TrafficPlan plan_;
  std::vector<Indices> slices_of_;   ///< per population
  std::vector<Indices> sources_of_;  ///< per slice: slices that feed it, ascending
};

}  // namespace

TrafficPlan plan_traffic(const Network& network, const Mapping& mapping, const Routing& routing,
                         const ChipDescription& chip) {
  return Planner(network, mapping, routing, chip).plan();
}

}  // namespace synfire
