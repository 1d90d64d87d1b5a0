// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/recording.hpp"

namespace synfire {

/// Writes a recording as tables for pandas and the like (csv_writer.hpp) into a new folder, which
/// gets its name when it is whole: spikes, steps, tokens, links, and what of energy, link_windows,
/// potentials and packets was recorded. Rows are read in blocks, so memory does not grow with the
/// recording.
///
/// Returns  the names of the files.
/// Throws   ConfigError `output` if it exists; IoError for a damaged recording; WriteError if the
///          disk does not take it.
std::vector<std::string> export_csv(const Recording& recording,
                                    const std::filesystem::path& output);

}  // namespace synfire
