// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace synfire::test {

/// Writes a recording whose every number is chosen by hand: two tokens of a network in (2 neurons)
/// -> block0.hidden (3, on two neurocores) -> readout (1), T = 1, on `ideal`.
void record_tiny(const std::filesystem::path& file);

}  // namespace synfire::test
