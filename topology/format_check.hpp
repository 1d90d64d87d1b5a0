// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "neurons/network.hpp"
#include "topology/chip.hpp"

namespace synfire {

/// Compares the chip's integer widths with the largest values proven to occur in the network.
///
/// Throws  MappingError naming the population, the format (`weight_width`, `accumulator_width`,
///         `payload_width`) and both widths; ConfigError as require_dense_numbers if payloads are
///         multiplied.
void check_formats(const Network& network, const ChipDescription& chip, std::uint32_t context);

}  // namespace synfire
