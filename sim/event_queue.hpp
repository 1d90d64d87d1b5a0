// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/event.hpp"
#include "sim/radix_heap_queue.hpp"

namespace synfire {

/// Priority queue that is obviously right: a binary heap of the standard library.
class BinaryHeapQueue {
 public:
  bool empty() const { return events_.empty(); }
  std::size_t size() const { return events_.size(); }
  /// The next event if its time is that of the last one popped (0 at first), else null.
  const Event* next_at_same_time() const {
    return !events_.empty() && events_.front().ticks() == last_ ? &events_.front() : nullptr;
  }
  /// True if the next event comes before `ticks`.
  bool has_before(std::int64_t ticks) const {
    return !events_.empty() && events_.front().ticks() < ticks;
  }
  /// No event comes before so many ticks; there must be one.
  std::int64_t earliest() const { return events_.front().ticks(); }
  void push(const Event& event) {
    events_.push_back(event);
    std::push_heap(events_.begin(), events_.end(), is_later);
  }
  Event pop() {
    std::pop_heap(events_.begin(), events_.end(), is_later);
    const Event event = events_.back();
    events_.pop_back();
    last_ = event.ticks();
    return event;
  }

 private:
  static bool is_later(const Event& a, const Event& b) { return b < a; }
  std::vector<Event> events_;
  std::int64_t last_ = 0;
};

}  // namespace synfire
