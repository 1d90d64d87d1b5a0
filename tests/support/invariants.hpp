// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/chip_run.hpp"
#include "topology/chip.hpp"

namespace synfire::test {

/// I2: what was sent has arrived, and slices and links were charged the same crossings.
void check_conservation(const SimulationTotals& totals, const ChipDescription& chip);

/// I3: nothing beats its zero-load latency or works for longer than the time that has passed.
void check_causality(const ChipRun& run);

/// I4, I5: everything that a simulation counts and when everything happened, but for the logits.
void check_equal_timing(const ChipRun& full, const ChipRun& replay);

}  // namespace synfire::test
