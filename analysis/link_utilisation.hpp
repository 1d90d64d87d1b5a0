// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/recording.hpp"
#include "topology/graph.hpp"

namespace synfire {

/// What the links of a recorded run carried, window by window, and where they are.
struct LinkUtilisation {
  struct Window {
    std::uint32_t tokens = 0;  ///< handed to the chip until its end
    TimePoint begin{};
    TimePoint end{};
    std::vector<std::int64_t> bits;  ///< per link
    std::vector<Duration> busy;      ///< per link
  };
  RouterGraph graph;
  std::vector<std::string> names;  ///< per link (describe_link)
  std::vector<Window> windows;

  Duration time() const { return windows.back().end - windows.front().begin; }
};

/// Of the windows in which the chip worked on tokens [first, end); where a recording of an earlier
/// version has no windows, the whole run is one. Never empty. No more than `most_windows`:
/// neighbours become one, so that memory is bounded.
///
/// Throws  ConfigError if nothing of that was recorded; as Recording::chip.
LinkUtilisation link_utilisation(const Recording& recording, std::uint32_t first, std::uint32_t end,
                                 std::uint64_t most_windows);

}  // namespace synfire
