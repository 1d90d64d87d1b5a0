// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "sim/communicator.hpp"

namespace synfire::test {

/// Calls `body` on so many threads, each a rank of one communicator, as mpirun would start
/// processes. If one throws, the others' calls throw, too, and the first exception is thrown here.
void run_ranks(std::uint32_t size, const std::function<void(Communicator&)>& body);

}  // namespace synfire::test
