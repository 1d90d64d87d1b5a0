// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "analysis/recording.hpp"

namespace synfire {

/// When the layers of a recorded run worked on its tokens: from the start of a layer's first step
/// of a token to the end of its last, on any of its neurocores, as LatencyReport has it.
struct TokenSpans {
  struct Span {
    TimePoint started = TimePoint::max();
    TimePoint ended = TimePoint::min();
    bool is_known() const { return started <= ended; }
    Duration length() const { return ended - started; }
  };
  std::vector<std::string> layers;       ///< in order of their first slices
  std::vector<RecordedToken> tokens;     ///< that reached the host
  std::vector<std::vector<Span>> spans;  ///< [token, in order of `tokens`][layer]
};

/// Of tokens [first, end).
TokenSpans token_spans(const Recording& recording, std::uint32_t first, std::uint32_t end);

}  // namespace synfire
