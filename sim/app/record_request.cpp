// SPDX-License-Identifier: Apache-2.0
#include "sim/app/record_request.hpp"

#include <charconv>
#include <string_view>
#include <vector>

#include "sim/error.hpp"
#include "sim/suggestion.hpp"

namespace synfire::app {
namespace {

constexpr std::string_view prefix = "potentials:";

[[noreturn]] void refuse(const std::string& text, const std::string& fact) {
  throw ConfigError("--record", "'" + text + "' " + fact);
}

std::uint32_t parse_index(std::string_view digits, const std::string& text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) {
    refuse(text, "has a range that is not [i:j]; write potentials:POPULATION[0:8]");
  }
  return value;
}

PopulationId find_population(const std::string& name, const Network& network,
                             const std::string& text) {
  if (const auto found = network.find(name)) return *found;
  std::vector<std::string> names;
  for (const Population& population : network.populations()) names.push_back(population.name);
  refuse(text, "names no population of this model" + suggestion(name, names));
}

}  // namespace

SimulationOptions::PotentialRequest parse_record_request(const std::string& text,
                                                         const Network& network) {
  if (text.rfind(prefix, 0) != 0) refuse(text, "is unknown; write packets or potentials:POPULATION[i:j]");
  std::string_view rest = std::string_view(text).substr(prefix.size());
  const auto bracket = rest.find('[');
  const PopulationId id = find_population(std::string(rest.substr(0, bracket)), network, text);
  const Population& population = network.population(id);
  if (!has_membrane(population.model)) {
    refuse(text,
           "names a population without membranes; choose one of model lif, integrate_fire or "
           "attention");
  }
  SimulationOptions::PotentialRequest request{.population = id, .begin = 0, .end = population.size};
  if (bracket == std::string_view::npos) return request;
  const auto colon = rest.find(':', bracket);
  if (colon == std::string_view::npos || rest.back() != ']') {
    refuse(text, "has a range that is not [i:j]; write potentials:POPULATION[0:8]");
  }
  request.begin = parse_index(rest.substr(bracket + 1, colon - bracket - 1), text);
  request.end = parse_index(rest.substr(colon + 1, rest.size() - colon - 2), text);
  if (request.begin >= request.end || request.end > population.size) {
    refuse(text, "is an empty range or beyond the " + std::to_string(population.size) +
                     " neurons; give 0 <= i < j <= " + std::to_string(population.size));
  }
  return request;
}

}  // namespace synfire::app
