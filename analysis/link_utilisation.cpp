// SPDX-License-Identifier: Apache-2.0
#include "analysis/link_utilisation.hpp"

#include <algorithm>
#include <utility>

#include "analysis/traffic.hpp"
#include "sim/error.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

using Window = LinkUtilisation::Window;

struct TimeRange {
  TimePoint begin{};
  TimePoint end = TimePoint::max();
};

/// From the first of the tokens' injection to the last one's logits.
TimeRange time_of(const std::vector<RecordedToken>& tokens, std::uint32_t first,
                  std::uint32_t end) {
  TimeRange range{TimePoint::max(), TimePoint::min()};
  for (const RecordedToken& token : tokens) {
    if (token.token < first || token.token >= end) continue;
    range.begin = std::min(range.begin, token.injected);
    range.end = std::max(range.end, token.finished);
  }
  // What the chip still does after its last token belongs to that.
  if (!tokens.empty() && range.end == tokens.back().finished) range.end = TimePoint::max();
  if (!tokens.empty() && range.begin == tokens.front().injected) range.begin = TimePoint{};
  return range;
}

void append(std::vector<Window>& windows, const RecordedLinkWindow& more, TimePoint begin,
            bool is_new) {
  if (is_new || windows.empty()) {
    windows.push_back({more.tokens, begin, more.time, more.bits, more.busy});
    return;
  }
  Window& window = windows.back();
  window.tokens = more.tokens;
  window.end = more.time;
  for (std::size_t link = 0; link < more.bits.size(); ++link) {
    window.bits[link] += more.bits[link];
    window.busy[link] += more.busy[link];
  }
}

std::vector<Window> recorded_windows(const Recording& recording, const TimeRange& range,
                                     std::uint64_t most_windows) {
  const std::uint64_t joined = (recording.link_window_count() + most_windows - 1) / most_windows;
  std::vector<Window> windows;
  TimePoint begin{};
  std::uint64_t taken = 0;
  for (std::uint64_t i = 0; i < recording.link_window_count(); ++i) {
    const RecordedLinkWindow window = recording.link_windows(i, 1).front();
    if (window.time > range.begin && begin < range.end) {
      append(windows, window, begin, taken++ % joined == 0);
    }
    begin = window.time;
  }
  return windows;
}

std::vector<Window> whole_run(const Recording& recording) {
  const auto totals = recording.totals();
  if (!totals) return {};
  Window window{
      static_cast<std::uint32_t>(recording.token_count()), TimePoint{}, totals->now, {}, {}};
  for (const LinkUse& use : totals->link_use) {
    window.bits.push_back(use.bits);
    window.busy.push_back(use.busy);
  }
  return {std::move(window)};
}

}  // namespace

LinkUtilisation link_utilisation(const Recording& recording, std::uint32_t first, std::uint32_t end,
                                 std::uint64_t most_windows) {
  const std::vector<RecordedToken> tokens = recording.tokens();
  const bool is_whole = first == 0 && (tokens.empty() || end > tokens.back().token);
  const TimeRange range = is_whole ? TimeRange{} : time_of(tokens, first, end);
  std::vector<Window> windows = recording.link_window_count() > 0
                                    ? recorded_windows(recording, range, most_windows)
                                    : whole_run(recording);
  if (windows.empty() || windows.back().end == windows.front().begin) {
    throw ConfigError("traffic", "nothing was recorded of what links carried in these tokens");
  }
  LinkUtilisation result{build_graph(recording.chip()), {}, std::move(windows)};
  for (std::uint32_t i = 0; i < result.graph.links().size(); ++i) {
    result.names.push_back(describe_link(result.graph, LinkId{i}));
  }
  if (result.names.size() != result.windows.front().bits.size()) {
    throw IoError(recording.path().string(),
                  "counts other links than its chip has; the file is damaged");
  }
  return result;
}

}  // namespace synfire
