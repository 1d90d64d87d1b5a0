// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "analysis/recording.hpp"
#include "analysis/summary.hpp"

namespace synfire {

/// What `run` said at its end, computed again from what it recorded: the same numbers, by the same
/// functions. Missing are the prompt's bits a character, which need the model, and what the run
/// took of its machine.
///
/// Returns  nothing for a run that was killed before it wrote its counters.
/// Throws   IoError for a damaged recording; ConfigError as Recording::chip.
std::optional<RunSummary> recorded_summary(const Recording& recording);

}  // namespace synfire
