// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/app/mapping_options.hpp"
#include "sim/app/support.hpp"

namespace synfire::app {

/// Arguments of `synfire run`, defaults included.
struct RunOptions {
  std::string model = default_model;
  std::string chip = "loihi-like";
  std::vector<std::string> overrides;  ///< --set
  MappingOptions mapping;
  std::string prompt = "Call me Ishmael.";
  std::int64_t tokens = 200;
  double temperature = 0.5;
  std::int64_t seed = 1;
  std::string at_context = "reingest";
  std::int64_t threads = 1;
  std::string parallel = "cores";  ///< what threads share: cores, tokens
  std::string queue = "radix";
  std::string out;                   ///< recording; empty: none
  std::vector<std::string> records;  ///< --record
  std::vector<std::string> compare;  ///< dense twins: twin, ann
  std::string json;                  ///< file, `-` or empty
  bool quiet = false;
  bool dry_run = false;                   ///< only foresee what it takes
  std::int64_t ranks = 0;                 ///< that are foreseen; 0: no word of ranks
  std::vector<std::string> text_options;  ///< those given that say something about a text
};

/// Runs a model on a chip, on text or on the model's own input spikes; shows text and table, writes
/// recording and JSON.
///
/// Returns  the exit status.
/// Throws   ConfigError, IoError, MappingError for arguments and files that cannot be used;
///          RunFailure if the run breaks after that.
int run(const RunOptions& options);

}  // namespace synfire::app
