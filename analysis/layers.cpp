// SPDX-License-Identifier: Apache-2.0
#include "analysis/layers.hpp"

#include <set>

namespace synfire {

std::vector<std::string> layers_of(const Network& network) {
  std::set<std::string_view> layers;
  for (const Population& population : network.populations()) {
    if (layer_of(population.name) != population.name) layers.insert(layer_of(population.name));
  }
  std::vector<std::string> result;
  for (const Population& population : network.populations()) {
    const bool names_a_layer = layers.contains(population.name);
    result.emplace_back(names_a_layer ? population.name : layer_of(population.name));
  }
  return result;
}

}  // namespace synfire
