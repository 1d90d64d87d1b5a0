// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "topology/yaml_values.hpp"

namespace synfire::detail {

inline constexpr const char* command_line = "command line";  ///< place of overrides
inline constexpr const char* graph_key = "grid.graph";

/// What a chip file states, by key path.
using ValuesByKey = std::map<std::string, WrittenValue>;

/// Values of a chip file, whole or in part; every key is one of a chip's.
///
/// Throws  ConfigError (file:line: key path) for unknown, double and empty keys, and for a value
///         with both a source and an assumed.
ValuesByKey read_values(const std::string& yaml, const std::string& file);

/// Adds `key.path=value` of the command line. Throws ConfigError for what is no parameter.
void apply_override(ValuesByKey& values, const std::string& text);

/// Text of a preset or of a chip file, and what to call it in messages.
struct ChipText {
  std::string yaml;
  std::string name;              ///< of the preset with `.yaml`, or the path
  std::filesystem::path folder;  ///< of the file; empty for presets
};

/// Throws IoError if the file cannot be read.
ChipText read_chip_text(const std::filesystem::path& file);
/// Throws  as read_chip_text; ConfigError for an unknown name, listing the presets.
ChipText find_chip_text(const std::string& name_or_path);

}  // namespace synfire::detail
