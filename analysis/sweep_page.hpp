// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "analysis/sweep_table.hpp"

namespace synfire {

/// Writes one HTML file that shows a sweep in any browser and without a network: Pareto front,
/// parallel coordinates, sensitivity, heat map; a chip that is clicked shows its values and its
/// breakdown. `page` is the built page (analysis/report); `name` is the sweep's, for the title.
///
/// Throws  IoError for a page that cannot be read; WriteError if the disk does not take the report.
void write_sweep_page(const SweepTable& table, const std::string& name,
                      const std::filesystem::path& page, const std::filesystem::path& output);

/// What the page reads (analysis/report/src/data/sweep.ts).
std::string sweep_page_data(const SweepTable& table, const std::string& name);

}  // namespace synfire
