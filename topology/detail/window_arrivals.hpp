// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/units.hpp"
#include "topology/detail/growing_list.hpp"
#include "topology/packet.hpp"

namespace synfire {

/// Packets that reach links within one window, per link in the order in which it serves them:
/// by time, then by the link that brings them, as events would.
class WindowArrivals {
 public:
  static constexpr std::uint32_t none = 0xffffffffU;

  struct Arrival {
    TimePoint at{};
    std::uint32_t feeder = 0;   ///< link that brings it
    std::uint32_t next = none;  ///< arrival at the same link
    Packet packet;              ///< its node lies behind the link that it reaches
  };

  void resize(std::size_t links) { first_.assign(links, none); }

  void clear() {
    arrivals_.clear();
    reached_.clear();
  }
  void add(std::uint32_t link, TimePoint at, std::uint32_t feeder, const Packet& packet) {
    const auto place = static_cast<std::uint32_t>(arrivals_.size());
    Arrival& arrival = arrivals_.push();
    arrival.at = at;
    arrival.feeder = feeder;
    arrival.packet = packet;
    std::uint32_t* before = &first_[link];
    if (*before == none) reached_.push() = link;
    while (*before != none && !comes_before(arrival, arrivals_[*before])) {
      before = &arrivals_[*before].next;
    }
    arrival.next = *before;
    *before = place;
  }

  /// Links that packets reach.
  const GrowingList<std::uint32_t>& reached() const { return reached_; }
  /// Place of the first arrival at a link that was reached; the others hang on it.
  std::uint32_t take(std::uint32_t link) { return std::exchange(first_[link], none); }
  Arrival& operator[](std::uint32_t place) { return arrivals_[place]; }

 private:
  static bool comes_before(const Arrival& a, const Arrival& b) {
    return a.at != b.at ? a.at < b.at : a.feeder < b.feeder;
  }

  GrowingList<Arrival> arrivals_;
  GrowingList<std::uint32_t> reached_;
  std::vector<std::uint32_t> first_;  ///< per link
};

}  // namespace synfire
