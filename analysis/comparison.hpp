// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "analysis/summary.hpp"

namespace synfire {

/// Spiking run against its dense twins: energy, latency and traffic, in total and by layer. For
/// people; empty if no twin was asked for.
std::string comparison_table(const RunSummary& summary);

/// The same for programs: an object per twin.
nlohmann::ordered_json comparison_json(const RunSummary& summary);

}  // namespace synfire
