// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "topology/chip.hpp"

namespace synfire::app {

/// The shipped chips, a line each: name and the first sentence of the description.
std::string chip_list();

/// Every number of the chip that has no published source: key path, value, reason.
std::string assumed_list(const ChipDescription& chip);

}  // namespace synfire::app
