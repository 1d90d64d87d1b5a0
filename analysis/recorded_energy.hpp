// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analysis/energy.hpp"
#include "analysis/recording.hpp"

namespace synfire {

/// The `chip` account of a recorded run: its counts and its time at the prices of `chip`, which is
/// the recording's or differs from it in prices alone (with_prices).
///
/// Throws  IoError if the run was killed before it could write its counts.
EnergyReport recorded_energy(const Recording& recording, const ChipDescription& chip);

/// The same of a dense twin of the run, one of recording.twins().
EnergyReport recorded_energy(const Recording& recording, const RecordedTwin& twin,
                             const ChipDescription& chip);

}  // namespace synfire
