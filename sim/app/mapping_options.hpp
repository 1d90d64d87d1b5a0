// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace synfire::app {

/// Where a model lies on a chip; a choice of the run, not a property of the chip, hence no key of
/// the chip file.
struct MappingOptions {
  std::string placement = "linear";
  std::int64_t seed = 1;
  std::string mapping;  ///< file to read instead; empty: none
  std::string traffic;  ///< recording whose spikes the placement takes; empty: assumed rates
};

/// Adds --placement, --placement-seed, --traffic and --mapping.
void add_mapping_options(CLI::App& command, MappingOptions& options);

}  // namespace synfire::app
