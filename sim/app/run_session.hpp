// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analysis/recorder.hpp"
#include "sim/app/run_options.hpp"
#include "sim/app/run_plan.hpp"

namespace synfire {
class Communicator;
}

namespace synfire::app {

/// Runs what is planned, shows text and table, finishes the recording. `recorder` may be null, and
/// so may `ranks`, of which this is the first.
///
/// Returns  the exit status.
/// Throws   RunFailure.
int run_session(const RunPlan& plan, const RunOptions& options, Recorder* recorder,
                Communicator* ranks);

}  // namespace synfire::app
