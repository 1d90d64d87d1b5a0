// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

#include "sim/units.hpp"

namespace synfire {

/// Order among events of one time, earliest first, each with its reason.
enum class Phase : std::uint8_t {
  transfer,  ///< packets move first, so that what arrives at a time is seen by a step at that time
  process,   ///< then neurocores finish reading packets
  fire,      ///< then neurons of steps begun earlier fire
  step,      ///< then populations step, on everything that has arrived
};

/// The one total order of events: (time, phase, component, sequence). `component` is the static id
/// of whoever scheduled the event, `sequence` counts its events, so that no two keys are equal and
/// the order does not depend on insertion, address or hash.
struct EventKey {
  TimePoint time{};
  Phase phase{};
  std::uint32_t component = 0;
  std::uint32_t sequence = 0;
};

/// An event packed into 24 bytes: its key, what happens (`kind`) and to whom (`argument`).
class Event {
 public:
  static constexpr std::uint32_t max_component = (1U << 24U) - 1;

  Event() = default;
  Event(const EventKey& key, std::uint32_t kind_in, std::uint32_t argument_in)
      : key_{key.time.time_since_epoch().count(),
             static_cast<std::int64_t>(
                 (std::uint64_t{static_cast<std::uint8_t>(key.phase)} << 56U) |
                 (std::uint64_t{key.component} << 32U) | key.sequence)},
        action_(std::uint64_t{kind_in} << 32U | argument_in) {}

  std::int64_t ticks() const { return key_[0]; }
  TimePoint time() const { return TimePoint{Duration{ticks()}}; }
  Phase phase() const { return static_cast<Phase>(order_within_time() >> 56U); }
  std::uint32_t kind() const { return static_cast<std::uint32_t>(action_ >> 32U); }
  std::uint32_t argument() const { return static_cast<std::uint32_t>(action_); }
  /// Phase, component and sequence as one number: the order within a time.
  std::uint64_t order_within_time() const { return static_cast<std::uint64_t>(key_[1]); }
  bool operator<(const Event& other) const {
    return ticks() != other.ticks() ? ticks() < other.ticks()
                                    : order_within_time() < other.order_within_time();
  }

 private:
  // Few large parts, since an event is copied soon after it was written: processors hand a store on
  // to a later load only if it holds all of it, else the load waits until the store is done.
  using Pair [[gnu::vector_size(16), gnu::aligned(8)]] = std::int64_t;
  Pair key_{};                ///< ticks, order within a time
  std::uint64_t action_ = 0;  ///< kind, argument
};
static_assert(sizeof(Event) == 24);

}  // namespace synfire
