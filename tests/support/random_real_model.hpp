// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/real_model.hpp"

namespace synfire::test {

/// An artificial decoder over ` etaoin` with two blocks, width 8, 2 heads, 12 hidden, 2 groups and
/// context 16; values uniform in [-1/2, 1/2), exact in bfloat16.
RealModel random_real_model(std::uint64_t seed, bool has_attention = true);

}  // namespace synfire::test
