// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "sim/params.hpp"
#include "topology/chip.hpp"

namespace synfire {

/// All parameters of a chip, in the order of the reference.
std::span<const Parameter<ChipDescription>> chip_parameters();

}  // namespace synfire
