// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "analysis/energy.hpp"

namespace synfire {

/// `energy_j` of JSON summaries, in joules: total, dynamic, static, static_by_part, by_component,
/// by_action, by_layer, by_population.
nlohmann::ordered_json energy_json(const EnergyReport& energy);

}  // namespace synfire
