// SPDX-License-Identifier: Apache-2.0
#include "models/detail/network_source.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "neurons/activation.hpp"

namespace synfire::detail {
namespace {

constexpr std::uint32_t max_time_steps = 1024;
constexpr std::uint32_t max_population_size = 1U << 24U;
/// Of all populations together: parameters left out are zeros, which cost a file nothing.
constexpr std::uint32_t max_neurons = 1U << 26U;

bool flag(const ModelSource& source, const std::string& group, const char* name) {
  const auto value = source.integer_or<std::uint8_t>(group, name, 1);
  if (value > 1) source.refuse(group, "attribute '" + std::string(name) + "' is neither 0 nor 1");
  return value == 1;
}

AttentionParameters read_attention(const ModelSource& source, const std::string& group) {
  AttentionParameters attention;
  attention.kind =
      source.at(group, [&] { return attention_kind_from_string(source.text(group, "attention")); });
  attention.heads = source.size(group, "heads", max_population_size);
  attention.fraction_bits = source.integer_or<std::uint8_t>(group, "fraction_bits", 0);
  if (attention.kind == AttentionKind::leaky) {
    attention.decay_shift =
        source.integers<std::uint8_t>(group + "/decay_shift", {attention.heads});
  }
  return attention;
}

/// One value per neuron, zeros if the dataset is left out.
template <typename T>
std::vector<T> per_neuron(const ModelSource& source, const std::string& dataset,
                          std::uint32_t size) {
  if (!source.file().contains(dataset)) return std::vector<T>(size, 0);
  return source.integers<T>(dataset, {size});
}

/// One value per neuron; nothing if the dataset is left out.
std::vector<std::int32_t> initial_potential(const ModelSource& source, const std::string& group,
                                            std::uint32_t size) {
  const std::string dataset = group + "/initial_potential";
  if (!source.file().contains(dataset)) return {};
  return source.integers<std::int32_t>(dataset, {size});
}

std::vector<std::int32_t> read_table(const ModelSource& source, const std::string& dataset) {
  if (!source.file().contains(dataset)) source.refuse(dataset, "is missing");
  const std::uint64_t entries = source.file().shape(dataset).rows();
  if (entries > max_activation_table) source.refuse(dataset, "has more than 65536 entries");
  return source.integers<std::int32_t>(dataset, {entries});
}

void read_softmax(const ModelSource& source, const std::string& group, Population& population) {
  population.attention.heads = source.size(group, "heads", max_population_size);
  population.attention.fraction_bits = source.integer_or<std::uint8_t>(group, "fraction_bits", 0);
  population.softmax.score_shift = source.integer_or<std::int8_t>(group, "score_shift", 0);
  population.softmax.ln2 = source.integer<std::int32_t>(group, "exp_ln2");
  population.softmax.b = source.integer<std::int32_t>(group, "exp_b");
  population.softmax.c = source.integer<std::int32_t>(group, "exp_c");
}

void read_parameters(const ModelSource& source, const std::string& group, Population& population) {
  const std::uint32_t size = population.size;
  switch (population.model) {
    case NeuronModel::input:
      source.require_members(group, {});
      break;
    case NeuronModel::lif:
    case NeuronModel::integrate_fire:
      source.require_members(group, {"threshold", "bias", "initial_potential"});
      population.threshold = source.integers<std::int32_t>(group + "/threshold", {size});
      population.initial_potential = initial_potential(source, group, size);
      break;
    case NeuronModel::residual:
      source.require_members(group, {"bias", "shift"});
      break;
    case NeuronModel::normalization:
      source.require_members(group, {"bias", "shift", "multiplier"});
      population.multiplier = source.integers<std::int32_t>(group + "/multiplier", {size});
      break;
    case NeuronModel::activation:
      source.require_members(group, {"bias", "shift", "multiplier", "table"});
      population.multiplier = source.integers<std::int32_t>(group + "/multiplier", {size});
      population.table = read_table(source, group + "/table");
      break;
    case NeuronModel::layer_norm:
      source.require_members(group, {"bias", "shift", "multiplier", "gain", "offset"});
      population.multiplier = source.integers<std::int32_t>(group + "/multiplier", {size});
      population.gain = source.integers<std::int32_t>(group + "/gain", {size});
      population.offset = per_neuron<std::int32_t>(source, group + "/offset", size);
      population.epsilon = source.integer<std::int32_t>(group, "epsilon");
      break;
    case NeuronModel::softmax_attention:
      source.require_members(group, {});
      read_softmax(source, group, population);
      return;
    case NeuronModel::attention:
      source.require_members(group, {"threshold", "decay_shift"});
      population.threshold = source.integers<std::int32_t>(group + "/threshold", {size});
      population.attention = read_attention(source, group);
      return;
    case NeuronModel::readout:
      source.require_members(group, {"bias"});
      break;
  }
  if (population.model == NeuronModel::input) return;
  population.bias = per_neuron<std::int32_t>(source, group + "/bias", size);
  if (is_graded(population.model)) {
    population.shift = per_neuron<std::int8_t>(source, group + "/shift", size);
  }
}

Population read_population(const ModelSource& source, const std::string& name) {
  const std::string group = "/populations/" + name;
  source.require_attributes(
      group, {"index", "model", "size", "fires_at_threshold", "resets_each_token", "attention",
              "heads", "fraction_bits", "epsilon", "score_shift", "exp_ln2", "exp_b", "exp_c"});
  Population population;
  population.name = name;
  population.size = source.size(group, "size", max_population_size);
  population.model =
      source.at(group, [&] { return neuron_model_from_string(source.text(group, "model")); });
  population.fires_at_threshold = flag(source, group, "fires_at_threshold");
  population.resets_each_token = flag(source, group, "resets_each_token");
  read_parameters(source, group, population);
  return population;
}

std::vector<Population> read_populations(const ModelSource& source) {
  const std::vector<std::string> names = source.file().children("/populations");
  std::vector<Population> populations(names.size());
  std::vector<bool> taken(names.size(), false);
  std::uint64_t neurons = 0;
  for (const std::string& name : names) {
    const std::string group = "/populations/" + name;
    const auto number = source.integer<std::uint32_t>(group, "index");
    if (number >= names.size() || taken[number]) {
      source.refuse(group, "attribute 'index' is " + std::to_string(number) +
                               "; the populations are numbered 0.." +
                               std::to_string(names.size() - 1) + ", each number once");
    }
    taken[number] = true;
    neurons += source.size(group, "size", max_neurons);
    if (neurons > max_neurons) source.refuse("/populations", "hold more than 2^26 neurons");
    populations[number] = read_population(source, name);
  }
  return populations;
}

PopulationId find_population(const ModelSource& source, const std::string& group, const char* end,
                             std::span<const Population> populations) {
  const std::string name = source.text(group, end);
  for (std::uint32_t i = 0; i < populations.size(); ++i) {
    if (populations[i].name == name) return PopulationId{i};
  }
  source.refuse(group, "attribute '" + std::string(end) + "' names no population: '" + name + "'");
}

Projection read_projection(const ModelSource& source, const std::string& group,
                           std::uint32_t time_steps, std::span<const Population> populations) {
  source.require_members(group, {"weights"});
  source.require_attributes(group, {"source", "target", "port", "connectivity", "delay"});
  Projection projection;
  projection.source = find_population(source, group, "source", populations);
  projection.target = find_population(source, group, "target", populations);
  projection.port =
      source.at(group, [&] { return port_from_string(source.text_or(group, "port", "current")); });
  projection.connectivity = source.at(group, [&] {
    return connectivity_from_string(source.text_or(group, "connectivity", "dense"));
  });
  projection.delay = source.integer_or<std::uint32_t>(group, "delay", 0);
  const std::string weights = group + "/weights";
  if (projection.connectivity == Connectivity::one_to_one && !source.file().contains(weights)) {
    return projection;
  }
  std::vector<std::uint64_t> extents{populations[index(projection.source)].size,
                                     populations[index(projection.target)].size};
  projection.per_time_step =
      source.file().contains(weights) && source.file().shape(weights).extents.size() == 3;
  if (projection.per_time_step) extents.insert(extents.begin(), time_steps);
  projection.weights = source.integers<std::int8_t>(weights, extents);
  return projection;
}

std::vector<Projection> read_projections(const ModelSource& source, std::uint32_t time_steps,
                                         std::span<const Population> populations) {
  const std::vector<std::string> names = source.file().children("/projections");
  std::vector<Projection> projections;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string group = "/projections/" + std::to_string(i);
    if (!source.file().contains(group)) {
      source.refuse("/projections", "its " + std::to_string(names.size()) +
                                        " members are numbered from 0 without gaps; " +
                                        std::to_string(i) + " is missing");
    }
    projections.push_back(read_projection(source, group, time_steps, populations));
  }
  return projections;
}

}  // namespace

Network read_network(const ModelSource& source) {
  const std::uint32_t time_steps = source.size("/", "time_steps", max_time_steps);
  std::vector<Population> populations = read_populations(source);
  std::vector<Projection> projections = read_projections(source, time_steps, populations);
  return source.at(
      "/", [&] { return Network(time_steps, std::move(populations), std::move(projections)); });
}

}  // namespace synfire::detail
