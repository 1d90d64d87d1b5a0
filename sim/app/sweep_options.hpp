// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "analysis/sweep_table.hpp"

namespace synfire::app {

/// Arguments of `synfire sweep`.
struct SweepArguments {
  std::string file;  ///< YAML
  std::string out;   ///< table (HDF5)
  std::string csv;   ///< file, `-` or empty
  std::string json;  ///< file, `-` or empty
  std::int64_t threads = 1;
  bool quiet = false;
  bool dry_run = false;  ///< only foresee what it takes
};

/// Makes or goes on with a sweep; shows the Pareto front, writes table, CSV and JSON.
///
/// Returns  the exit status.
/// Throws   ConfigError, IoError for what cannot be used, or differs from what was begun;
///          RunFailure if it was interrupted.
int sweep(const SweepArguments& arguments);

/// For people: how many points failed, and the Pareto front.
std::string sweep_text(const SweepTable& table);

/// For programs: the same, stable snake_case keys, SI units.
std::string sweep_json(const SweepTable& table);

}  // namespace synfire::app
