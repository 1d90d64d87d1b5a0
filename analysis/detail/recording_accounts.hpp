// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analysis/recorder.hpp"
#include "sim/hdf5_file.hpp"

namespace synfire::detail {

/// Writes the accounts of energy to /synfire/accounts, those of twins, too, in joules; the counts
/// that they can be priced from again lie in /synfire/counts.
void write_accounts(Hdf5File& file, const RunOutcome& outcome);

}  // namespace synfire::detail
