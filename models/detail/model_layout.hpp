// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace synfire::detail {

/// Root attributes of a model file (models/FORMAT.md).
inline constexpr const char* model_magic = "synfire-model";
inline constexpr std::uint32_t model_version = 3;
inline constexpr std::uint32_t oldest_model_version = 1;

/// The same of a real-valued model.
inline constexpr const char* real_model_magic = "synfire-real-model";
inline constexpr std::uint32_t real_model_version = 1;

}  // namespace synfire::detail
