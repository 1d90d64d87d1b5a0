// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

namespace synfire {

/// One `key: value` or `key: {value: ..., source: ...}` of a file of nested sections, as written.
struct WrittenValue {
  std::string key_path;  ///< sections and key joined by dots
  std::string value;
  std::string source;   ///< empty if not given
  std::string assumed;  ///< empty if not given
  std::string place;    ///< `file:line`
};

/// Values of a YAML text in the order of the file; `file` is for messages.
///
/// Throws  ConfigError (file:line: key path: fact) for what is not one document of nested sections
///         of plain values: lists, empty values, duplicate keys, bad syntax, control characters.
std::vector<WrittenValue> read_yaml_values(const std::string& text, const std::string& file);

/// YAML of values whose key paths are grouped by section; read_yaml_values gives them back.
std::string write_yaml_values(std::span<const WrittenValue> values);

}  // namespace synfire
