// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <stdexcept>

namespace synfire {

/// Clock of the simulated hardware. One tick is one picosecond; int64 reaches about 106 days.
struct SimClock {
  using rep = std::int64_t;
  using period = std::pico;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<SimClock>;
  static constexpr bool is_steady = true;
};

/// Hardware time span in integer picoseconds.
using Duration = SimClock::duration;
/// Hardware time since the start of the run in integer picoseconds.
using TimePoint = SimClock::time_point;

constexpr Duration picoseconds(std::int64_t count) {
  return Duration{count};
}

/// Energy in integer attojoules (1 pJ = 1,000,000 aJ), so that totals add up exactly. A price is an
/// int64; sums have 128 bits and cannot overflow: int64 counts at int64 prices.
class Energy {
 public:
  constexpr Energy() = default;
  static constexpr Energy attojoules(std::int64_t count) { return Energy{count}; }
  /// Throws  std::range_error beyond 9.2 J, the range of int64; in_joules has no such limit.
  constexpr std::int64_t in_attojoules() const {
    const auto count = static_cast<std::int64_t>(attojoules_);
    if (count != attojoules_)
      throw std::range_error("energy: passes the range of int64 attojoules");
    return count;
  }
  constexpr double in_joules() const { return static_cast<double>(attojoules_) * 1e-18; }
  constexpr Energy operator+(Energy other) const { return Energy{attojoules_ + other.attojoules_}; }
  constexpr Energy operator*(std::int64_t count) const { return Energy{attojoules_ * count}; }
  constexpr Energy& operator+=(Energy other) {
    attojoules_ += other.attojoules_;
    return *this;
  }
  constexpr auto operator<=>(const Energy&) const = default;
  /// Power x time, rounded down to a whole attojoule.
  static constexpr Energy of_power(std::int64_t nanowatts, Duration time) {
    constexpr std::int64_t nanowatt_picoseconds_per_attojoule = 1000;
    return Energy{Wide{nanowatts} * time.count() / nanowatt_picoseconds_per_attojoule};
  }

 private:
  __extension__ using Wide = __int128;
  constexpr explicit Energy(Wide count) : attojoules_(count) {}
  Wide attojoules_ = 0;
};

}  // namespace synfire
