// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace synfire {

/// What earlier tokens leave to the timing of a token that begins on a quiet chip, where values are
/// known: its place, and whose keys and values attention has stored.
struct TokenPast {
  std::uint32_t tokens = 0;          ///< of the run
  std::uint32_t context_tokens = 0;  ///< of those, since the context began
  /// Spikes of value since the context began: [population][step * heads + head], of attention
  /// populations; empty for others.
  std::vector<std::vector<std::int64_t>> value_spikes;
};

}  // namespace synfire
