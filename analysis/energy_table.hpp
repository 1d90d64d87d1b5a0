// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "analysis/energy.hpp"

namespace synfire {

/// For people: the total, static power, components, actions and layers, each with its share.
std::string energy_table(const EnergyReport& energy);

}  // namespace synfire
