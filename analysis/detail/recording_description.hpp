// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analysis/recorder.hpp"
#include "sim/hdf5_file.hpp"

namespace synfire::detail {

/// Writes the groups that are known before the first spike (described_groups).
void write_description(Hdf5File& file, const RunDescription& description);

/// Adds what is known after the last spike.
void write_outcome(Hdf5File& file, const RunOutcome& outcome);

}  // namespace synfire::detail
