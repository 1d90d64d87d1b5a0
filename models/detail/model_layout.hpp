// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace synfire::detail {

/// Root attributes of a model file (models/FORMAT.md).
inline constexpr const char* model_magic = "synfire-model";
inline constexpr std::uint32_t model_version = 1;

}  // namespace synfire::detail
