// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace synfire {

/// A chip description that is part of the library (topology/chips/).
struct ChipPreset {
  std::string_view name;
  std::string_view yaml;
};

/// The shipped presets, the default first.
std::span<const ChipPreset> chip_presets();

}  // namespace synfire
