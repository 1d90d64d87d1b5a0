// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <ostream>

#include "analysis/recording.hpp"
#include "analysis/report.hpp"

namespace synfire {

/// Writes what the report page shows of a recording as two elements of HTML: `#blob-INDEX`, packed
/// columns (detail/report_blob.hpp), and `#run-INDEX`, JSON that says what they are; its numbers
/// are those of `run --json`, under `summary`. The format is described in
/// analysis/report/README.md.
///
/// Throws  IoError for a damaged recording; ConfigError as Recording::chip.
void write_report_data(const Recording& recording, std::size_t index, std::ostream& output,
                       const ReportProgress& progress);

}  // namespace synfire
