// SPDX-License-Identifier: Apache-2.0
#include "topology/chip.hpp"

#include <algorithm>
#include <optional>

#include "sim/error.hpp"
#include "sim/text_file.hpp"
#include "topology/chip_parameters.hpp"
#include "topology/chip_presets.hpp"
#include "topology/detail/chip_values.hpp"
#include "topology/topology_check.hpp"
#include "topology/yaml_values.hpp"

namespace synfire {
namespace {

using detail::command_line;
using detail::graph_key;
using detail::ValuesByKey;

constexpr std::int64_t most_neurocores = std::int64_t{1} << 20;
constexpr std::uintmax_t largest_graph = 64 << 20;  // bytes of a GraphML file

void set_parameters(const ValuesByKey& values, const std::string& file, ChipDescription& chip) {
  for (const auto& parameter : chip_parameters()) {
    const auto found = values.find(parameter.key_path);
    if (found == values.end()) {
      if (!parameter.fallback) {
        throw ConfigError(file, parameter.key_path, "is missing; add it. " + parameter.sentence);
      }
      parameter.set(chip, *parameter.fallback);
      chip.origins.push_back({parameter.key_path,
                              format_value(*parameter.quantity, *parameter.fallback),
                              std::string(default_source), ""});
      continue;
    }
    const WrittenValue& written = found->second;
    const bool is_override = written.place == command_line;
    const CountRule rule = is_override ? CountRule::may_omit_unit : CountRule::needs_unit;
    const std::int64_t value = parse_value(parameter, written.value, written.place, rule);
    parameter.set(chip, value);
    chip.origins.push_back({parameter.key_path,
                            is_override ? format_value(*parameter.quantity, value) : written.value,
                            written.source, written.assumed});
  }
}

std::string read_graph(const WrittenValue& written, const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / written.value;
  std::error_code problem;
  if (std::filesystem::is_regular_file(file, problem) &&
      std::filesystem::file_size(file, problem) > largest_graph) {
    throw ConfigError(written.place, graph_key, file.string() + " is larger than 64 MiB");
  }
  std::optional<std::string> text = file_text(file);
  if (!text) {
    throw ConfigError(written.place, graph_key,
                      file.string() + " cannot be read; give a GraphML file");
  }
  return *std::move(text);
}

void set_graph(const ValuesByKey& values, const std::string& file, const GraphSource& source,
               ChipDescription& chip) {
  const auto written = values.find(graph_key);
  const bool is_wanted = chip.grid.topology == TopologyKind::graphml;
  if (written == values.end()) {
    if (is_wanted) throw ConfigError(file, graph_key, "is missing; name a GraphML file");
    return;
  }
  chip.grid.graph_file = written->second.value;
  if (!is_wanted) {
    throw ConfigError(written->second.place, graph_key,
                      "has no effect; set grid.topology to graphml or remove it");
  }
  chip.grid.graphml = source.graphml ? *source.graphml : read_graph(written->second, source.folder);
}

void check_size(const ChipDescription& chip, const std::string& file) {
  const std::int64_t cores = chip.grid.width * chip.grid.height * chip.grid.cores_per_tile *
                             chip.board.columns * chip.board.rows;
  if (cores > most_neurocores) {
    throw ConfigError(file, "grid",
                      std::to_string(cores) + " neurocores are more than " +
                          std::to_string(most_neurocores) + "; make the grid smaller");
  }
}

/// Topology and routing as a whole; an error names the line of the key that is to blame.
void check_network(const ChipDescription& chip, const ValuesByKey& values,
                   const std::string& file) {
  try {
    check_topology(chip);
  } catch (const ConfigError& error) {
    const auto written = values.find(error.key_path);
    const std::string fact(std::string_view(error.what()).substr(error.key_path.size() + 2));
    throw ConfigError(written == values.end() ? file : written->second.place, error.key_path, fact);
  }
}

/// As written if that is still the parameter's value, so that sources stay comparable.
WrittenValue written_value(const Parameter<ChipDescription>& parameter,
                           const ChipDescription& chip) {
  const std::int64_t value = parameter.get(chip);
  WrittenValue written{parameter.key_path, format_value(*parameter.quantity, value), "", "", ""};
  const auto origin = std::ranges::find(chip.origins, parameter.key_path, &NumberOrigin::key_path);
  if (origin == chip.origins.end()) return written;
  if (parse_value(parameter, origin->value, "") != value) return written;
  written.value = origin->value;
  written.source = origin->source;
  written.assumed = origin->assumed;
  return written;
}

}  // namespace

ChipDescription parse_chip(const std::string& yaml, const std::string& name,
                           std::span<const std::string> overrides, const GraphSource& graph) {
  ValuesByKey values = detail::read_values(yaml, name);
  for (const std::string& text : overrides) detail::apply_override(values, text);
  if (!values.contains("name")) {
    throw ConfigError(name, "name", "is missing; say what the chip is called");
  }
  ChipDescription chip;
  chip.name = values["name"].value;
  chip.description = values["description"].value;
  set_parameters(values, name, chip);
  set_graph(values, name, graph, chip);
  check_size(chip, name);
  check_network(chip, values, name);
  return chip;
}

ChipDescription read_chip(const std::filesystem::path& file,
                          std::span<const std::string> overrides) {
  const detail::ChipText text = detail::read_chip_text(file);
  return parse_chip(text.yaml, text.name, overrides, {.folder = text.folder});
}

ChipDescription load_chip(const std::string& name_or_path, std::span<const std::string> overrides) {
  const detail::ChipText text = detail::find_chip_text(name_or_path);
  return parse_chip(text.yaml, text.name, overrides, {.folder = text.folder});
}

std::vector<std::string> chip_preset_names() {
  std::vector<std::string> names;
  for (const ChipPreset& preset : chip_presets()) names.emplace_back(preset.name);
  return names;
}

std::string to_yaml(const ChipDescription& chip) {
  std::vector<WrittenValue> values = {{"name", chip.name, "", "", ""}};
  if (!chip.description.empty()) values.push_back({"description", chip.description, "", "", ""});
  for (const auto& parameter : chip_parameters()) {
    values.push_back(written_value(parameter, chip));
    if (parameter.key_path == "grid.topology" && !chip.grid.graph_file.empty()) {
      values.push_back({graph_key, chip.grid.graph_file, "", "", ""});
    }
  }
  return write_yaml_values(values);
}

}  // namespace synfire
