// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace synfire {

/// Time cut into windows of equal length, and which of the next ones are awaited: an event queue
/// for what happens window by window, of a bit per event.
///
/// What happens in a window must be known when it begins, so none may be longer than the least time
/// between a cause and its effect in a later window.
/// Cost    a handful of instructions.
/// Source  windows of the least lookahead: Lubachevsky 1989, "Efficient distributed event-driven
///         simulations of multiple-loop networks", Communications of the ACM 32(1).
/// Tested  unit/sim/window_calendar_test.
class WindowCalendar {
 public:
  /// Windows that can be awaited at once; each has a place of its own, [0, ahead), until it begins.
  static constexpr std::uint32_t ahead = 64;

  struct Window {
    TimePoint begin{};
    std::uint32_t place = 0;
  };

  WindowCalendar() = default;
  /// Windows of `longest`, or shorter ones; at least a tick.
  explicit WindowCalendar(Duration longest)
      : length_(std::min(longest, exact)),
        reciprocal_((std::uint64_t{1} << scale) / static_cast<std::uint64_t>(length_.count()) + 1) {
  }

  Duration length() const { return length_; }
  bool empty() const { return awaited_ == 0; }
  /// When the earliest awaited window begins; there must be one.
  TimePoint next_begin() const { return begin_ + places_to_next() * length_; }

  /// True if the window of `time`, which is not before `now`, can be awaited.
  bool reaches(TimePoint time, TimePoint now) {
    if (is_near(time)) return true;
    look_from(now);
    return is_near(time);
  }
  /// The window of a time that the calendar reaches is awaited from now on; returns its place.
  std::uint32_t await(TimePoint time) {
    const auto later = static_cast<std::uint32_t>(
        Wide{reciprocal_} * static_cast<std::uint64_t>((time - begin_).count()) >> scale);
    const std::uint32_t place = (first_ + later) % ahead;
    awaited_ |= std::uint64_t{1} << place;
    return place;
  }
  /// Takes out the earliest awaited window.
  Window take() {
    SYNFIRE_ASSERT(!empty(), "takes a window that nobody awaits");
    const int later = places_to_next();
    begin_ += later * length_;
    first_ = (first_ + static_cast<std::uint32_t>(later)) % ahead;
    awaited_ &= ~(std::uint64_t{1} << first_);
    return {begin_, first_};
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr unsigned scale = 63;
  /// Longest for which the quotient of a time that is reached is exact: the reciprocal is too large
  /// by 2^-63 at most, the product by 64 * 2^28 * 2^-63 < 2^-28.
  static constexpr Duration exact{std::int64_t{1} << 28U};

  bool is_near(TimePoint time) const { return time - begin_ < ahead * length_; }
  int places_to_next() const {
    return std::countr_zero(std::rotr(awaited_, static_cast<int>(first_)));
  }
  /// Makes the window of `now` the first; those before it are over.
  void look_from(TimePoint now) {
    const std::int64_t windows = (now - begin_) / length_;
    begin_ += windows * length_;
    first_ = static_cast<std::uint32_t>((first_ + windows) % ahead);
  }

  Duration length_{1};
  std::uint64_t reciprocal_ = 0;  ///< of the length, in 2^-63
  TimePoint begin_{};             ///< of the first window that can be awaited
  std::uint32_t first_ = 0;       ///< its place
  std::uint64_t awaited_ = 0;     ///< bit per place
};

}  // namespace synfire
