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

/// An entry of a list of flat maps.
struct WrittenRow {
  std::string place;                 ///< `file:line`
  std::vector<WrittenValue> values;  ///< key path: the key alone; neither source nor assumed
};

/// Rows of a YAML text that is one list of flat maps under one key, `key: [{a: 1, b: 2}, ...]`.
///
/// Throws  ConfigError (file:line: key path: fact) for anything else.
std::vector<WrittenRow> read_yaml_rows(const std::string& text, const std::string& file,
                                       const std::string& key);

/// YAML of values whose key paths are grouped by section; read_yaml_values gives them back.
std::string write_yaml_values(std::span<const WrittenValue> values);

}  // namespace synfire
