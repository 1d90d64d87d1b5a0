// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/units.hpp"

namespace synfire {

/// The most elements that were ever in a first-in-first-out queue at once, which is told of each on
/// its entry when it will leave. Keeps that many times, looks at one of them for each entry.
class DepthMeter {
 public:
  /// One enters at `now`, which never decreases, and leaves at `leaves`, not before those that
  /// entered earlier. It counts itself even if it leaves at once; who leaves at `now` counts no
  /// more.
  void enter(TimePoint now, TimePoint leaves) { enter_if(true, now, leaves); }
  /// One enters, or not, without a branch to predict.
  void enter_if(bool enters, TimePoint now, TimePoint leaves) {
    leaving_[entered_ & mask_] = leaves;
    const bool is_deeper = leaving_[(entered_ - deepest_) & mask_] > now;
    const unsigned deepens = unsigned{enters} & (unsigned{is_deeper} | unsigned{deepest_ == 0});
    if (deepens != 0) deepen();
    entered_ += unsigned{enters};
  }
  std::int64_t deepest() const { return deepest_; }

 private:
  /// An entry finds one more at most than any before it has found, so one step is enough.
  [[gnu::noinline]] void deepen() {
    if (++deepest_ <= mask_) return;
    std::vector<TimePoint> wider(2 * leaving_.size(), TimePoint::min());
    const std::uint32_t mask = 2 * mask_ + 1;
    for (std::uint32_t i = 0; i <= mask_; ++i) {
      wider[(entered_ - i) & mask] = leaving_[(entered_ - i) & mask_];
    }
    leaving_.swap(wider);
    mask_ = mask;
  }

  std::vector<TimePoint> leaving_{1, TimePoint::min()};  ///< of the last ones; a power of two
  std::uint32_t mask_ = 0;
  std::uint32_t entered_ = 0;
  std::uint32_t deepest_ = 0;
};

}  // namespace synfire
