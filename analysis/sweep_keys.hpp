// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/params.hpp"
#include "topology/chip.hpp"
#include "topology/yaml_values.hpp"

namespace synfire {

/// The parameter of a chip file with this key path.
///
/// Throws  ConfigError with the place and key path of `written` for an unknown one, with the
///         nearest.
const Parameter<ChipDescription>& find_chip_parameter(const std::string& key_path,
                                                      const WrittenValue& written);

/// Base unit of a parameter's values, `1` for counts, or the words of a choice joined by `|`.
std::string sweep_unit(const ParameterInfo& parameter);

/// Base units in one of a unit of chip files; nothing for an unknown one, and for `%`, which is one
/// thing in rates and another in ratios.
std::optional<std::int64_t> unit_factor(const std::string& unit);

}  // namespace synfire
