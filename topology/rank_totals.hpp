// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "sim/communicator.hpp"
#include "topology/total_sum.hpp"

namespace synfire {

/// What happened on the chips of a rank, as bytes.
Bytes to_bytes(const Tally& tally);
/// Throws Error for bytes that are no tally's.
Tally tally_from(std::span<const std::byte> bytes);

}  // namespace synfire
