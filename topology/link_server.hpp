// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/units.hpp"
#include "topology/chip.hpp"
#include "topology/link_timing.hpp"

namespace synfire {

/// A link that serves one packet after another, in the order in which they reach it.
class LinkServer {
 public:
  explicit LinkServer(const LinkDescription& description) : description_(description) {}

  /// Sends a packet that reaches the link at `now`; returns when its tail arrives at the far end.
  TimePoint send(TimePoint now, std::int64_t bits) {
    const Duration occupied = serialization_latency(description_, bits);
    free_at_ = std::max(now, free_at_) + occupied;
    busy_ += occupied;
    return free_at_ + description_.latency;
  }
  /// As `send` on an idle link.
  Duration zero_load_latency(std::int64_t bits) const {
    return serialization_latency(description_, bits) + description_.latency;
  }
  Duration busy() const { return busy_; }

 private:
  LinkDescription description_;
  TimePoint free_at_{};
  Duration busy_{};
};

}  // namespace synfire
