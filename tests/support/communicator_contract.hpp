// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/communicator.hpp"

namespace synfire::test {

/// Uses everything that a communicator promises; all its ranks call this. Throws
/// std::runtime_error that names the first broken promise.
void check_contract(Communicator& ranks);

}  // namespace synfire::test
