// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/app/mapping_options.hpp"

namespace synfire::app {

/// Arguments of `synfire replay`.
struct ReplayArguments {
  std::string recording;
  std::string model;  ///< empty: the one that the recording names
  std::string chip;   ///< empty: the recording's
  std::vector<std::string> overrides;
  MappingOptions mapping;
  bool is_mapped_anew = false;  ///< a placement or mapping was asked for
  std::string prices;           ///< price table; empty: the chip's
  std::string out;
  std::string json;
  bool quiet = false;
};

/// Replays a recording as timing only; shows the table, writes recording and JSON.
///
/// Returns  the exit status.
/// Throws   ConfigError, IoError, MappingError for what cannot be used; DeadlockError.
int replay_recording(const ReplayArguments& arguments);

}  // namespace synfire::app
