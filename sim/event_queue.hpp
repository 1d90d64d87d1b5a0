// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/error.hpp"
#include "sim/event.hpp"

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

/// Monotone radix heap on the event's time; events of the earliest time lie in a binary heap.
///
/// An event may not be pushed before the time of the last one popped, which causality (I3)
/// guarantees. Bucket b holds the events whose time differs from the last popped time in bit b - 1
/// at the highest, so each event moves down at most 64 times, in practice a few.
/// Source  Ahuja, Mehlhorn, Orlin and Tarjan 1990, "Faster algorithms for the shortest path
///         problem".
class RadixHeapQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  /// The next event if its time is that of the last one popped (0 at first), else null. Looking
  /// further ahead would settle the heap on a later time, before which nothing may be pushed.
  const Event* next_at_same_time() const {
    return buckets_[0].empty() ? nullptr : &buckets_[0].front();
  }

  void push(const Event& event) {
    SYNFIRE_ASSERT(event.ticks() >= last_, "an event lies before the last one popped");
    ++size_;
    const std::size_t bucket = bucket_of(event);
    buckets_[bucket].push_back(event);
    if (bucket == 0) std::push_heap(buckets_[0].begin(), buckets_[0].end(), is_later);
  }

  Event pop() {
    settle();
    std::pop_heap(buckets_[0].begin(), buckets_[0].end(), is_later);
    const Event event = buckets_[0].back();
    buckets_[0].pop_back();
    --size_;
    return event;
  }

 private:
  static bool is_later(const Event& a, const Event& b) { return b < a; }

  std::size_t bucket_of(const Event& event) const {
    return static_cast<std::size_t>(
        std::bit_width(static_cast<std::uint64_t>(event.ticks()) ^
                       static_cast<std::uint64_t>(last_)));
  }

  /// Moves the events of the earliest time into bucket 0.
  void settle() {
    if (!buckets_[0].empty()) return;
    std::size_t first = 1;
    while (buckets_[first].empty()) ++first;
    std::vector<Event>& source = buckets_[first];
    last_ = std::min_element(source.begin(), source.end(), [](const Event& a, const Event& b) {
              return a.ticks() < b.ticks();
            })->ticks();
    for (const Event& event : source) buckets_[bucket_of(event)].push_back(event);
    source.clear();
    std::make_heap(buckets_[0].begin(), buckets_[0].end(), is_later);
  }

  std::array<std::vector<Event>, 65> buckets_;
  std::int64_t last_ = 0;
  std::size_t size_ = 0;
};

}  // namespace synfire
