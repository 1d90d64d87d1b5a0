// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "analysis/cost_model.hpp"
#include "sim/app/run_options.hpp"
#include "sim/app/run_plan.hpp"

namespace synfire::app {

/// What the program takes of memory before it has read anything; measured on Debian 12.
inline constexpr std::int64_t program_bytes = 20 << 20;

/// Says what the planned run would take, without running it.
void show_dry_run(const RunPlan& plan, const RunOptions& options);

/// `1 h 2 min`, `3 min 4 s`, `5 s`, `60 ms`.
std::string duration_text(double seconds);

}  // namespace synfire::app
