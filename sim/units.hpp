// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

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

/// Energy in integer attojoules (1 pJ = 1,000,000 aJ), so that totals add up exactly.
class Energy {
 public:
  constexpr Energy() = default;
  static constexpr Energy attojoules(std::int64_t count) { return Energy{count}; }
  constexpr std::int64_t in_attojoules() const { return attojoules_; }
  constexpr double in_joules() const { return static_cast<double>(attojoules_) * 1e-18; }
  constexpr Energy operator+(Energy other) const {
    return Energy{attojoules_ + other.attojoules_};
  }
  constexpr Energy& operator+=(Energy other) {
    attojoules_ += other.attojoules_;
    return *this;
  }
  constexpr auto operator<=>(const Energy&) const = default;

 private:
  constexpr explicit Energy(std::int64_t count) : attojoules_(count) {}
  std::int64_t attojoules_ = 0;
};

}  // namespace synfire
