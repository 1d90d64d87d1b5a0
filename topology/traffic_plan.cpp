// SPDX-License-Identifier: Apache-2.0
#include "topology/traffic_plan.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace synfire {
namespace {

std::vector<std::uint32_t> distinct_targets(const std::vector<Connection>& connections) {
  std::set<std::uint32_t> targets;
  for (const Connection& connection : connections) targets.insert(connection.target);
  return {targets.begin(), targets.end()};
}

class Planner {
 public:
  Planner(const Network& network, const Mapping& mapping, const RouterGraph& graph)
      : network_(network), mapping_(mapping), graph_(graph) {
    plan_.routes.emplace_back();
    plan_.slices.resize(mapping.slices.size());
    slices_of_.resize(network.populations().size());
    for (std::uint32_t i = 0; i < mapping.slices.size(); ++i) {
      slices_of_[index(mapping.slices[i].population)].push_back(i);
    }
  }

  TrafficPlan plan() {
    for (std::uint32_t i = 0; i < mapping_.slices.size(); ++i) connect(i);
    for (std::uint32_t i = 0; i < mapping_.slices.size(); ++i) list_credit_targets(i);
    return std::move(plan_);
  }

 private:
  std::uint32_t route(CoreId from, CoreId to) {
    if (from == to) return 0;
    const auto [place, is_new] =
        routes_.try_emplace(std::pair{from, to}, static_cast<std::uint32_t>(plan_.routes.size()));
    if (is_new) plan_.routes.push_back(route_xy(graph_, from, to));
    return place->second;
  }

  std::uint32_t core_index(CoreId core) const {
    return core == host_core ? graph_.core_count() : index(core);
  }

  void connect(std::uint32_t source) {
    const PopulationSlice& from = mapping_.slices[source];
    std::map<std::uint32_t, Destination> by_core;
    std::set<std::uint32_t> targets;
    for (const ProjectionId id : network_.outgoing(from.population)) {
      for (const std::uint32_t target : slices_of_[index(network_.projection(id).target)]) {
        Connection connection = make_connection(id, from, target);
        if (connection.begin >= connection.end) continue;
        const CoreId core = mapping_.slices[target].core;
        Destination& destination = by_core[core_index(core)];
        destination.core = core_index(core);
        destination.route = route(from.core, core);
        destination.connections.push_back(connection);
        targets.insert(target);
      }
    }
    if (network_.population(from.population).model == NeuronModel::readout) {
      by_core[graph_.core_count()] = {graph_.core_count(), route(from.core, host_core), {}, {}};
    }
    for (auto& [core, destination] : by_core) {
      destination.targets = distinct_targets(destination.connections);
      plan_.slices[source].destinations.push_back(std::move(destination));
    }
    plan_.slices[source].target_slices = static_cast<std::uint32_t>(targets.size());
    for (const std::uint32_t target : targets) sources_of_[target].insert(source);
  }

  Connection make_connection(ProjectionId id, const PopulationSlice& from,
                             std::uint32_t target) const {
    const Projection& projection = network_.projection(id);
    const PopulationSlice& to = mapping_.slices[target];
    const auto incoming = network_.incoming(projection.target);
    Connection connection{target, 0, from.begin, from.end};
    connection.input =
        static_cast<std::uint32_t>(std::ranges::find(incoming, id) - incoming.begin());
    if (projection.connectivity == Connectivity::one_to_one) {
      connection.begin = std::max(from.begin, to.begin);
      connection.end = std::min(from.end, to.end);
    }
    return connection;
  }

  void list_credit_targets(std::uint32_t target) {
    TrafficPlan::SliceTraffic& traffic = plan_.slices[target];
    for (const std::uint32_t source : sources_of_[target]) {
      traffic.credit_targets.push_back(
          {source, route(mapping_.slices[target].core, mapping_.slices[source].core)});
    }
    traffic.sources = static_cast<std::uint32_t>(traffic.credit_targets.size());
  }

  const Network& network_;
  const Mapping& mapping_;
  const RouterGraph& graph_;
  TrafficPlan plan_;
  std::vector<std::vector<std::uint32_t>> slices_of_;
  std::map<std::pair<CoreId, CoreId>, std::uint32_t> routes_;
  std::map<std::uint32_t, std::set<std::uint32_t>> sources_of_;
};

}  // namespace

TrafficPlan plan_traffic(const Network& network, const Mapping& mapping, const RouterGraph& graph) {
  return Planner(network, mapping, graph).plan();
}

}  // namespace synfire
