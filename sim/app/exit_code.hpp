// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace synfire::app {

/// Exit status of every command.
enum ExitCode : int {
  success = 0,
  run_failed = 1,  ///< the work itself failed, or `verify` found a difference
  bad_input = 2,   ///< arguments, files or chip descriptions that cannot be used
};

}  // namespace synfire::app
