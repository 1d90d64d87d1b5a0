// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace synfire::test {

/// Base seed of property tests: SYNFIRE_SEED from the environment, or a fixed default. Tests print
/// the seed of a failing case with INFO, so that it can be run again alone.
std::uint64_t base_seed();

}  // namespace synfire::test
