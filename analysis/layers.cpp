// SPDX-License-Identifier: Apache-2.0
#include "analysis/layers.hpp"

#include <set>

#include "analysis/recording.hpp"

namespace synfire {

std::vector<std::string> layers_of(std::span<const std::string> population_names) {
  std::set<std::string_view> layers;
  for (const std::string& name : population_names) {
    if (layer_of(name) != whole_of(name)) layers.insert(layer_of(name));
  }
  std::vector<std::string> result;
  for (const std::string& name : population_names) {
    const std::string_view whole = whole_of(name);
    result.emplace_back(layers.contains(whole) ? whole : layer_of(whole));
  }
  return result;
}

std::vector<std::string> layers_of(const Network& network) {
  std::vector<std::string> names;
  for (const Population& population : network.populations()) names.push_back(population.name);
  return layers_of(names);
}

std::vector<std::string> layers_of(const Recording& recording) {
  std::vector<std::string> names;
  for (const RecordedPopulation& population : recording.populations()) {
    names.push_back(population.name);
  }
  return layers_of(names);
}

}  // namespace synfire
