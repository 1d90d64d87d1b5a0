// SPDX-License-Identifier: Apache-2.0
#include "neurons/network.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <set>
#include <utility>

#include "neurons/network_check.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::string_view partial_suffix = ".partial";

/// A target that needs what its source sends in the same step, or the bound of its payloads.
bool comes_after(const Projection& projection, std::span<const Population> populations) {
  return projection.delay == 0 || is_graded(populations[index(projection.source)].model);
}

/// Kahn's algorithm; a heap makes the order unique.
std::vector<PopulationId> topological_order(std::span<const Population> populations,
                                            std::span<const Projection> projections,
                                            std::span<const std::vector<ProjectionId>> outgoing) {
  std::vector<std::uint32_t> open(populations.size(), 0);
  for (const Projection& projection : projections) {
    open[index(projection.target)] += comes_after(projection, populations) ? 1 : 0;
  }
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (std::uint32_t i = 0; i < open.size(); ++i) {
    if (open[i] == 0) ready.push(i);
  }
  std::vector<PopulationId> order;
  while (!ready.empty()) {
    const std::uint32_t next = ready.top();
    ready.pop();
    order.push_back(PopulationId{next});
    for (const ProjectionId id : outgoing[next]) {
      if (!comes_after(projections[index(id)], populations)) continue;
      const std::uint32_t target = index(projections[index(id)].target);
      if (--open[target] == 0) ready.push(target);
    }
  }
  if (order.size() != populations.size()) {
    const auto stuck = std::ranges::find_if(open, [](std::uint32_t count) { return count > 0; });
    throw ConfigError("populations." + populations[std::size_t(stuck - open.begin())].name,
                      "lies on a cycle of projections without delay or of payloads; break the "
                      "cycle, or give spikes a delay");
  }
  return order;
}

}  // namespace

Network::Network(std::uint32_t time_steps, std::vector<Population> populations,
                 std::vector<Projection> projections)
    : time_steps_(time_steps),
      populations_(std::move(populations)),
      projections_(std::move(projections)),
      incoming_(populations_.size()),
      outgoing_(populations_.size()) {
  check_network(time_steps_, populations_, projections_);
  for (Projection& projection : projections_) {
    projection.source_end =
        std::min(projection.source_end, populations_[index(projection.source)].size);
  }
  for (std::uint32_t i = 0; i < projections_.size(); ++i) {
    greatest_delay_ = std::max(greatest_delay_, projections_[i].delay);
    incoming_[index(projections_[i].target)].push_back(ProjectionId{i});
    outgoing_[index(projections_[i].source)].push_back(ProjectionId{i});
  }
  for (std::uint32_t i = 0; i < populations_.size(); ++i) {
    if (populations_[i].model == NeuronModel::input) inputs_.push_back(PopulationId{i});
    if (populations_[i].model == NeuronModel::readout) readout_ = PopulationId{i};
  }
  order_ = topological_order(populations_, projections_, outgoing_);
}

std::span<const ProjectionId> Network::incoming(PopulationId target) const {
  return incoming_[index(target)];
}

std::span<const ProjectionId> Network::outgoing(PopulationId source) const {
  return outgoing_[index(source)];
}

std::optional<PopulationId> Network::find(std::string_view name) const {
  const auto found = std::ranges::find(populations_, name, &Population::name);
  if (found == populations_.end()) return std::nullopt;
  return PopulationId{static_cast<std::uint32_t>(found - populations_.begin())};
}

std::span<const std::int8_t> Network::weight_row(const Projection& projection, std::uint32_t step,
                                                 std::uint32_t source) const {
  const std::size_t sources = population(projection.source).size;
  const std::size_t targets = population(projection.target).size;
  const std::size_t block = projection.per_time_step ? step * sources : 0;
  return std::span(projection.weights).subspan((block + source) * targets, targets);
}

std::span<const std::uint32_t> taking_part(const Projection& projection,
                                           std::span<const std::uint32_t> spikes) {
  const auto first = std::ranges::lower_bound(spikes, projection.source_begin);
  const auto last = std::ranges::lower_bound(spikes, projection.source_end);
  return {first, last};
}

bool has_dense_parts(const Network& network) {
  return std::ranges::any_of(network.projections(),
                             [&](const Projection& p) { return network.multiplies(p); }) ||
         std::ranges::any_of(network.populations(), [](const Population& p) {
           return p.model == NeuronModel::activation || p.model == NeuronModel::layer_norm ||
                  p.model == NeuronModel::softmax_attention;
         });
}

std::string partial_sum_name(std::string_view population, std::uint32_t part) {
  return std::string(population) + std::string(partial_suffix) + std::to_string(part);
}

std::string_view whole_of(std::string_view population_name) {
  const auto suffix = population_name.rfind(partial_suffix);
  if (suffix == std::string_view::npos) return population_name;
  const std::string_view number = population_name.substr(suffix + partial_suffix.size());
  const bool is_number = !number.empty() && number.find_first_not_of("0123456789") == number.npos;
  return is_number ? population_name.substr(0, suffix) : population_name;
}

std::string_view layer_of(std::string_view population_name) {
  const std::string_view whole = whole_of(population_name);
  return whole.substr(0, whole.rfind('.'));
}

}  // namespace synfire
