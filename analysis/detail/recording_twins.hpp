// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/recording.hpp"
#include "analysis/twin_report.hpp"
#include "sim/hdf5_file.hpp"

namespace synfire::detail {

/// Writes each twin to /synfire/twins/KIND.
void write_twins(Hdf5File& file, std::span<const TwinReport> twins);

/// Reads them back; `slices` is how many there must be.
/// Throws  IoError if they are damaged.
std::vector<RecordedTwin> read_twins(const Hdf5File& file, std::uint64_t slices);

}  // namespace synfire::detail
