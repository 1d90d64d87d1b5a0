// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/error.hpp"
#include "sim/event.hpp"
#include "sim/same_time_sorter.hpp"

namespace synfire {

/// Monotone radix heap on the digits of an event's time, over a short sorted list of the earliest.
///
/// An event may not be pushed before the time of the last one popped, which causality (I3)
/// guarantees. With `base` a time before which nothing will come: an event whose time differs from
/// it in digit `level` at the highest lies in the bucket of that level and of that digit's value,
/// unless the level is below `list_level_`: then it lies in the sorted list. When the list is
/// empty, the earliest bucket becomes the list if it holds few events, else it is spread over lower
/// levels; a list that grows long gives its later events back to the buckets. So an event moves a
/// few times whatever the scale of times, and many events of one time are sorted once.
///
/// Cost    amortised constant; an event pushed into the list of `n` events of one time moves those
///         behind it in the order. No allocation once the buckets have seen their peak.
/// Source  Ahuja, Mehlhorn, Orlin and Tarjan 1990, "Faster algorithms for the shortest path
///         problem"; levels of buckets: Cherkassky, Goldberg and Silverstein 1999, "Buckets, heaps,
///         lists, and monotone priority queues" (their hot queue has a heap where this has a list).
/// Tested  unit/sim/event_queue_test, property/event_queue_test (against BinaryHeapQueue).
class RadixHeapQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  /// The next event if its time is that of the last one popped (0 at first), else null. Looking
  /// further ahead would settle the heap on a later time, before which nothing may be pushed.
  const Event* next_at_same_time() const {
    return first_ != list_.count && list_[first_].ticks() == now_ ? &list_[first_] : nullptr;
  }

  /// True if the next event comes before `ticks`. If not, nothing may be pushed before `ticks` from
  /// now on: the heap settles as far as that.
  bool has_before(std::int64_t ticks) {
    if (first_ != list_.count) return list_[first_].ticks() < ticks;
    if (size_ == 0 || begin_of_earliest() >= ticks) return false;
    settle(ticks);
    return list_[first_].ticks() < ticks;
  }

  /// No event comes before so many ticks; there must be one. Exact, or the begin of its bucket,
  /// until has_before has looked further. Settles nothing.
  std::int64_t earliest() const {
    return first_ != list_.count ? list_[first_].ticks() : std::max(begin_of_earliest(), now_);
  }

  void push(const Event& event) {
    SYNFIRE_ASSERT(event.ticks() >= now_, "an event lies before the last one popped");
    ++size_;
    if (event.ticks() < list_end_) {
      insert(event);
    } else {
      put_into_bucket(event);
    }
  }

  Event pop() {
    if (first_ == list_.count) settle(std::numeric_limits<std::int64_t>::max());
    const Event event = list_[first_++];
    now_ = event.ticks();
    --size_;
    return event;
  }

 private:
  static constexpr unsigned digit_bits = 4;
  static constexpr unsigned digits = 1U << digit_bits;
  static constexpr unsigned levels = 64 / digit_bits;
  /// Events that are sorted rather than spread. Measured: 8 to 32 differ by less than a tenth.
  static constexpr std::size_t few = 16;

  /// Events one behind another; counts them itself, as their size is no power of two.
  struct EventList {
    std::vector<Event> places{2 * few};
    std::size_t room = 2 * few;
    std::size_t count = 0;

    Event& operator[](std::size_t place) { return places[place]; }
    const Event& operator[](std::size_t place) const { return places[place]; }
    Event* begin() { return places.data(); }
    Event* end() { return places.data() + count; }
    void push(const Event& event) {
      if (count == room) grow();
      places[count++] = event;
    }
    void grow() {
      room *= 2;
      places.resize(room);
    }
  };

  std::uint64_t difference(const Event& event) const {
    return static_cast<std::uint64_t>(event.ticks()) ^ static_cast<std::uint64_t>(base_);
  }
  /// Of the highest digit in which the event's time differs from `base_`; 0 if in none.
  unsigned level_of(const Event& event) const {
    return (static_cast<unsigned>(std::bit_width(difference(event) | 1)) - 1) / digit_bits;
  }
  /// The list is for times that differ from `base` in digits below `level` only.
  void set_list_range(std::int64_t base, unsigned level) {
    base_ = base;
    list_level_ = level;
    list_end_ = ((base >> (digit_bits * level)) + 1) << (digit_bits * level);
  }

  void put_into_bucket(const Event& event) {
    const unsigned level = level_of(event);
    const auto digit = static_cast<unsigned>(event.ticks() >> (digit_bits * level)) & (digits - 1);
    buckets_[level * digits + digit].push(event);
    used_digits_[level] |= 1U << digit;
    used_levels_ |= 1U << level;
  }

  void insert(const Event& event) {
    if (list_.count == list_.room) list_.grow();
    Event* place = list_.end();
    ++list_.count;
    for (Event* const first = list_.begin() + first_; place != first && event < place[-1];
         --place) {
      *place = place[-1];
    }
    *place = event;
    if (list_.count - first_ > 2 * few && list_level_ > 0) shorten();
    if (first_ > 2 * few && 2 * first_ > list_.count) forget_popped();
  }

  void forget_popped() {
    std::copy(list_.begin() + first_, list_.end(), list_.begin());
    list_.count -= first_;
    first_ = 0;
  }

  /// Gives the later events of the list back to the buckets, until few or those of one time remain.
  void shorten() {
    const std::int64_t base = std::max(base_, now_);
    while (list_level_ > 0 && list_.count - first_ > few) {
      set_list_range(base, list_level_ - 1);
      for (; list_.count > first_ && list_[list_.count - 1].ticks() >= list_end_; --list_.count) {
        put_into_bucket(list_[list_.count - 1]);
      }
    }
  }

  /// Makes a list of the earliest events; there is at least one, and none will come before
  /// `least`.
  void settle(std::int64_t least) {
    first_ = 0;
    list_.count = 0;
    for (;;) {
      const auto level = static_cast<unsigned>(std::countr_zero(used_levels_));
      least = std::max(least, begin_of_earliest());
      EventList& bucket = take_earliest(level);
      if (level == 0 || bucket.count <= few) {
        take_as_list(bucket, level, least);
        return;
      }
      spread(bucket, least);
    }
  }

  /// No event in a bucket is earlier; there is one.
  std::int64_t begin_of_earliest() const {
    const auto level = static_cast<unsigned>(std::countr_zero(used_levels_));
    const auto digit = std::int64_t{std::countr_zero(used_digits_[level])};
    const std::int64_t above = base_ >> (digit_bits * level) >> digit_bits;
    return ((above << digit_bits) + digit) << (digit_bits * level);
  }

  EventList& take_earliest(unsigned level) {
    const auto digit = static_cast<unsigned>(std::countr_zero(used_digits_[level]));
    used_digits_[level] &= used_digits_[level] - 1;
    if (used_digits_[level] == 0) used_levels_ &= ~(1U << level);
    return buckets_[level * digits + digit];
  }

  void take_as_list(EventList& bucket, unsigned level, std::int64_t least) {
    std::swap(list_, bucket);
    if (!std::is_sorted(list_.begin(), list_.end())) {
      if (list_.count < SameTimeSorter::many) {
        std::sort(list_.begin(), list_.end());
      } else {
        sorter_.sort(list_.places, list_.count);
      }
    }
    set_list_range(std::min(least, list_[0].ticks()), level);
  }

  /// Moves the events of a bucket to levels below.
  void spread(EventList& bucket, std::int64_t least) {
    const Event& earliest =
        *std::min_element(bucket.begin(), bucket.end(),
                          [](const Event& a, const Event& b) { return a.ticks() < b.ticks(); });
    base_ = std::min(least, earliest.ticks());
    for (const Event& event : bucket) put_into_bucket(event);
    bucket.count = 0;
  }

  std::vector<EventList> buckets_{std::size_t{levels} * digits};
  std::array<std::uint32_t, levels> used_digits_{};  ///< bit per bucket that is not empty
  std::uint32_t used_levels_ = 0;                    ///< bit per level that is not empty
  SameTimeSorter sorter_;
  EventList list_;  ///< from first_ on: the earliest, ascending
  std::size_t first_ = 0;
  unsigned list_level_ = 0;
  std::int64_t base_ = 0;
  std::int64_t list_end_ = 1;  ///< the list is for earlier times
  std::int64_t now_ = 0;       ///< time of the last event popped
  std::size_t size_ = 0;
};

}  // namespace synfire
