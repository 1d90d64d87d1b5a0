// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_keys.hpp"

#include <algorithm>
#include <vector>

#include "sim/error.hpp"
#include "sim/suggestion.hpp"
#include "topology/chip_parameters.hpp"

namespace synfire {

const Parameter<ChipDescription>& find_chip_parameter(const std::string& key_path,
                                                      const WrittenValue& written) {
  const auto parameters = chip_parameters();
  const auto found = std::ranges::find(parameters, key_path, &ParameterInfo::key_path);
  if (found != parameters.end()) return *found;
  std::vector<std::string> known;
  for (const auto& parameter : parameters) known.push_back(parameter.key_path);
  const std::string section = key_path + ".";
  const auto inside = std::ranges::find_if(
      known, [&](const std::string& name) { return name.starts_with(section); });
  if (inside != known.end()) {
    throw ConfigError(written.place, written.key_path,
                      "`" + key_path +
                          "` is a section of a chip file; give its keys, for example `" + *inside +
                          "`");
  }
  throw ConfigError(written.place, written.key_path,
                    "`" + key_path + "` is no key path of a chip file" +
                        suggestion(key_path, known) +
                        "; `synfire info --chip-reference` lists them");
}

std::string sweep_unit(const ParameterInfo& parameter) {
  std::string unit;
  for (const std::string_view choice : parameter.quantity->choices) {
    unit += (unit.empty() ? "" : "|") + std::string(choice);
  }
  if (!unit.empty()) return unit;
  const std::string_view name = parameter.quantity->units.front().name;
  return name.empty() || parameter.quantity->is_count ? "1" : std::string(name);
}

std::optional<std::int64_t> unit_factor(const std::string& unit) {
  std::optional<std::int64_t> factor;
  for (const auto& parameter : chip_parameters()) {
    for (const Unit& known : parameter.quantity->units) {
      if (known.name != unit) continue;
      if (factor && *factor != known.factor) return std::nullopt;
      factor = known.factor;
    }
  }
  return factor;
}

}  // namespace synfire
