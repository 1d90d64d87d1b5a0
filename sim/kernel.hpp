// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "sim/error.hpp"
#include "sim/event_queue.hpp"

namespace synfire {

/// Discrete-event kernel: keeps time, gives every event its key, and pops one event at a time.
///
/// `Queue` is a policy (BinaryHeapQueue, RadixHeapQueue); both give the same order. What an event
/// means is the business of the handler that the caller passes to `step`.
template <typename Queue>
class Kernel {
 public:
  /// Half of what 64 bits of picoseconds hold, so that sums of latencies cannot overflow.
  static constexpr TimePoint last_time{Duration{std::int64_t{1} << 62}};

  explicit Kernel(std::uint32_t components) : sequences_(components, 0) {}

  TimePoint now() const { return now_.time(); }
  std::int64_t event_count() const { return event_count_; }
  bool is_idle() const { return queue_.empty(); }

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

  /// Pops the next event and hands it to `handler(const Event&)`. The queue must not be empty.
  template <typename Handler>
  void step(Handler&& handler) {
    handler(take());
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
  Event now_;
  std::int64_t event_count_ = 0;
  std::vector<std::uint32_t> sequences_;
};

}  // namespace synfire
