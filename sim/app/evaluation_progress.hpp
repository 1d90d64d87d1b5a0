// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/evaluation.hpp"
#include "sim/app/generation_display.hpp"

namespace synfire::app {

/// Settings of an evaluation that shows its windows on `display`, which must outlive it; `threads`
/// as on the command line, 0: all processors.
EvaluationOptions shown_on(GenerationDisplay& display, std::int64_t threads);

}  // namespace synfire::app
