// SPDX-License-Identifier: Apache-2.0
#include "topology/detail/chip_values.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/error.hpp"
#include "sim/suggestion.hpp"
#include "sim/text_file.hpp"
#include "topology/chip_parameters.hpp"
#include "topology/chip_presets.hpp"

namespace synfire::detail {
namespace {

std::vector<std::string> known_keys() {
  std::vector<std::string> keys = {"name", "description", graph_key};
  for (const auto& parameter : chip_parameters()) keys.push_back(parameter.key_path);
  return keys;
}

bool is_parameter(const std::string& key_path) {
  return key_path == graph_key || std::ranges::any_of(chip_parameters(), [&](const auto& known) {
           return known.key_path == key_path;
         });
}

[[noreturn]] void refuse_key(const std::string& place, const std::string& key_path) {
  const std::string section = key_path + ".";
  for (const std::string& known : known_keys()) {
    if (known.starts_with(section)) {
      throw ConfigError(place, key_path,
                        "is a section; give its keys, for example `" + known + "`");
    }
  }
  throw ConfigError(place, key_path, "unknown key" + suggestion(key_path, known_keys()));
}

}  // namespace

ValuesByKey read_values(const std::string& yaml, const std::string& file) {
  ValuesByKey values;
  for (WrittenValue& value : read_yaml_values(yaml, file)) {
    const std::string key_path = value.key_path;
    if (key_path != "name" && key_path != "description" && !is_parameter(key_path)) {
      refuse_key(value.place, key_path);
    }
    if (value.value.empty()) throw ConfigError(value.place, key_path, "is empty; give a value");
    if (!value.source.empty() && !value.assumed.empty()) {
      throw ConfigError(value.place, key_path, "has both a source and an assumed; keep one");
    }
    if (!values.emplace(key_path, std::move(value)).second) {
      throw ConfigError(file, key_path, "stands twice; remove one");
    }
  }
  return values;
}

void apply_override(ValuesByKey& values, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string key_path = text.substr(0, equals);
  if (equals == std::string::npos) {
    throw ConfigError(command_line, key_path, "has no value; write it like `grid.width=16`");
  }
  if (!is_parameter(key_path)) refuse_key(command_line, key_path);
  const std::string value = text.substr(equals + 1);
  values[key_path] = {key_path, value, std::string(override_source), "", command_line};
}

ChipText read_chip_text(const std::filesystem::path& file) {
  return {read_text_file(file, "give a chip description (YAML)"), file.string(),
          file.parent_path()};
}

ChipText find_chip_text(const std::string& name_or_path) {
  for (const ChipPreset& preset : chip_presets()) {
    if (preset.name == name_or_path) {
      return {std::string(preset.yaml), name_or_path + ".yaml", {}};
    }
  }
  std::error_code problem;
  if (name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".yaml") ||
      std::filesystem::exists(name_or_path, problem)) {
    return read_chip_text(name_or_path);
  }
  std::string names;
  for (const std::string& name : chip_preset_names()) names += (names.empty() ? "" : ", ") + name;
  throw ConfigError("chip", "no preset is called `" + name_or_path + "`" +
                                suggestion(name_or_path, chip_preset_names()) + "; there are " +
                                names + ", or give the path of a YAML file");
}

}  // namespace synfire::detail
