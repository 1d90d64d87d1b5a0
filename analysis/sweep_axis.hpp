// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/params.hpp"
#include "topology/chip.hpp"
#include "topology/yaml_values.hpp"

namespace synfire {

/// A parameter that a sweep varies, and what it may be. Values are in base units, or indices of
/// choices, as everywhere (sim/params.hpp).
///
/// Written as values, `128, 256, 1024 neurons` or `unicast, tree`; as steps, `4 .. 16 step 4` or
/// `64 .. 1024 times 2`; or as a range, `1 ns .. 10 ns` or `1 ns .. 10 ns log`, which only draws
/// can take. Each value is written as in a chip file; counts may leave out their noun.
struct SweepAxis {
  const Parameter<ChipDescription>* parameter = nullptr;
  std::vector<std::int64_t> values;  ///< each once; empty: the range
  std::int64_t low = 0;
  std::int64_t high = 0;  ///< included
  bool is_logarithmic = false;

  const std::string& key_path() const { return parameter->key_path; }
  bool is_listed() const { return !values.empty(); }
  /// The value at a place in [0, 1) of a list, or of the range: uniform, or in its logarithm.
  std::int64_t at(double place) const;
};

/// Reads an axis; `key_path` is the parameter's.
///
/// Throws  ConfigError (file:line: parameters.<key path>) for an unknown key path, a value that a
///         chip file could not have, one that stands twice, and a range without values.
SweepAxis parse_axis(const WrittenValue& written, const std::string& key_path);

}  // namespace synfire
