// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "sim/error.hpp"
#include "sim/event_queue.hpp"
#include "sim/window_calendar.hpp"

namespace synfire {

/// Discrete-event kernel: keeps time, gives every event its key, and pops one event at a time.
///
/// `Queue` is a policy (BinaryHeapQueue, RadixHeapQueue); both give the same order. What an event
/// means is the business of the handler that the caller passes to `step`.
///
/// Windows  Who knows at the beginning of a window of time all that it will do in it (see
///          WindowCalendar) may await windows instead of scheduling events. The beginning of one
///          comes before all events of its time; it counts as no event, what was done in it does.
template <typename Queue>
class Kernel {
 public:
  /// Half of what 64 bits of picoseconds hold, so that sums of latencies cannot overflow.
  static constexpr TimePoint last_time{Duration{std::int64_t{1} << 62}};

  explicit Kernel(std::uint32_t components) : sequences_(components, 0) {}

  TimePoint now() const { return now_.time(); }
  std::int64_t event_count() const { return event_count_; }
  bool is_idle() const { return queue_.empty() && windows_.empty(); }

  /// Cuts time into windows of `longest` or shorter ones; each that is awaited begins with an event
  /// of this kind, whose argument is the place of the window.
  void set_windows(Duration longest, std::uint32_t kind) {
    windows_ = WindowCalendar(longest);
    window_kind_ = kind;
  }
  const WindowCalendar& windows() const { return windows_; }
  /// True if the window of a time after that of the event being handled can be awaited.
  bool can_await(TimePoint time) { return windows_.reaches(time, now()); }
  /// Awaits the window of `time`, which must lie after that of the event being handled; returns its
  /// place.
  std::uint32_t await(TimePoint time) { return windows_.await(time); }
  /// Counts what was done in a window as so many events.
  void count_events(std::int64_t count) { event_count_ += count; }

  /// Schedules an event on behalf of `component`; its key must be greater than that of the event
  /// being handled.
  ///
  /// Throws  Error if simulated time passes `last_time`.
  void schedule(TimePoint time, Phase phase, std::uint32_t component, std::uint32_t kind,
                std::uint32_t argument) {
    if (time > last_time || time < now_.time()) {
      throw Error(
          "simulated time: passes 53 days, more than a run can keep; use shorter latencies");
    }
    SYNFIRE_ASSERT(sequences_[component] != std::numeric_limits<std::uint32_t>::max(),
                   "a component ran out of sequence numbers");
    const Event event({time, phase, component, sequences_[component]++}, kind, argument);
    SYNFIRE_ASSERT(now_ < event || event_count_ == 0, "an event lies in the past");
    queue_.push(event);
  }

  /// Lets time pass, with nothing to happen: everything left comes after `time`. An idle kernel may
  /// go back, but not behind the event that it handled last.
  void skip_to(TimePoint time) {
    SYNFIRE_ASSERT(is_idle() || (time >= now() && next() > time), "skips what is to happen");
    now_ = Event({time, Phase::transfer, 0, 0}, 0, 0);
  }

  /// No event or window comes before; last_time if there is none.
  TimePoint next() const {
    TimePoint time = last_time;
    if (!queue_.empty()) time = TimePoint{Duration{queue_.earliest()}};
    return windows_.empty() ? time : std::min(time, windows_.next_begin());
  }
  /// True if anything comes before `end`. If not, nothing may be scheduled before it from now on.
  bool has_before(TimePoint end) {
    return (!windows_.empty() && windows_.next_begin() < end) ||
           queue_.has_before(end.time_since_epoch().count());
  }

  /// Pops the next event and hands it to `handler(const Event&)`. There must be one.
  template <typename Handler>
  void step(Handler&& handler) {
    if (windows_.empty() || queue_.has_before(windows_.next_begin().time_since_epoch().count())) {
      handler(take());
      return;
    }
    const WindowCalendar::Window window = windows_.take();
    now_ = Event({window.begin, Phase::transfer, 0, 0}, window_kind_, window.place);
    handler(now_);
  }

  /// The next event if it has the time of the one being handled, else null.
  const Event* next_now() const { return queue_.next_at_same_time(); }
  /// Pops the next event and makes it the one being handled.
  Event take() {
    now_ = queue_.pop();
    ++event_count_;
    return now_;
  }

 private:
  Queue queue_;
  WindowCalendar windows_;
  std::uint32_t window_kind_ = 0;
  Event now_;
  std::int64_t event_count_ = 0;
  std::vector<std::uint32_t> sequences_;
};

}  // namespace synfire
