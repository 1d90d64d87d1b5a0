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
  constexpr Event(const EventKey& key, std::uint32_t kind_in, std::uint32_t argument_in)
      : ticks_(key.time.time_since_epoch().count()),
        order_((std::uint64_t{static_cast<std::uint8_t>(key.phase)} << 56U) |
               (std::uint64_t{key.component} << 32U) | key.sequence),
        kind_(kind_in),
        argument_(argument_in) {}

  constexpr std::int64_t ticks() const { return ticks_; }
  constexpr TimePoint time() const { return TimePoint{Duration{ticks_}}; }
  constexpr Phase phase() const { return static_cast<Phase>(order_ >> 56U); }
  constexpr std::uint32_t kind() const { return kind_; }
  constexpr std::uint32_t argument() const { return argument_; }
  /// Phase, component and sequence as one number: the order within a time.
  constexpr std::uint64_t order_within_time() const { return order_; }
  constexpr bool operator<(const Event& other) const {
    return ticks_ != other.ticks_ ? ticks_ < other.ticks_ : order_ < other.order_;
  }

 private:
  std::int64_t ticks_ = 0;
  std::uint64_t order_ = 0;
  std::uint32_t kind_ = 0;
  std::uint32_t argument_ = 0;
};
static_assert(sizeof(Event) == 24);

}  // namespace synfire
