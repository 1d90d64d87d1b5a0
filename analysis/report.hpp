// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace synfire {

/// Called with the share of the work that is done, 0 to 1.
using ReportProgress = std::function<void(double)>;

/// Writes one HTML file that shows recordings, side by side, in any browser and without a network.
///
/// `page`      the built page (analysis/report), into which the data are put
/// `progress`  may be empty
///
/// Recordings are read in blocks, so memory does not grow with them. The file gets its name when it
/// is whole.
/// Throws  IoError for a file that is no recording, damaged, or still being written, and for a page
///         that cannot be read; WriteError if the disk does not take the report.
void write_report(const std::vector<std::filesystem::path>& recordings,
                  const std::filesystem::path& page, const std::filesystem::path& output,
                  const ReportProgress& progress);

}  // namespace synfire
