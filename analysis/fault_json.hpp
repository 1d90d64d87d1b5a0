// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "analysis/summary.hpp"

namespace synfire {

/// `lost` of JSON summaries: total, dropped, dead_link, dead_core.
nlohmann::ordered_json lost_json(const LossCounts& lost);

/// `faults` of JSON summaries: rates as fractions of 1, parts by number.
nlohmann::ordered_json faults_json(const FaultSummary& faults);

}  // namespace synfire
