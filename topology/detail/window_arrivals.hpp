// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
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
  void resize(std::size_t links) { first_.assign(links, none); }

  void clear() {
    arrivals_.clear();
    for (auto& links : reached_) links.clear();
  }

  /// Adds a copy of the packet on its way to `node`, over `link`, brought by the link `feeder`.
  /// `is_last`: nothing lies behind the link but a core.
  void add(std::uint32_t link, bool is_last, TimePoint at, std::uint32_t feeder,
           const Packet& packet, std::uint32_t node) {
    const auto place = static_cast<std::uint32_t>(arrivals_.size());
    Arrival& arrival = arrivals_.push();
    arrival.at = at;
    arrival.feeder = feeder;
    arrival.packet = packet;
    arrival.packet.node = node;
    std::uint32_t* before = &first_[link];
    if (*before == none) reached_[is_last ? 1 : 0].push() = link;
    while (*before != none && !comes_before(arrival, arrivals_[*before])) {
      before = &arrivals_[*before].next;
    }
    arrival.next = *before;
    *before = place;
  }

  /// Calls `visit(packet, link, at)` for all arrivals at links that are the last ones, or that are
  /// not: apart, so that a processor need not guess which they are.
  template <typename Visitor>
  void take_all(bool is_last, const Visitor& visit) {
    for (const std::uint32_t link : reached_[is_last ? 1 : 0]) {
      for (std::uint32_t next = std::exchange(first_[link], none); next != none;) {
        const Arrival& arrival = arrivals_[next];
        next = arrival.next;
        visit(arrival.packet, link, arrival.at);
      }
    }
  }

 private:
  static constexpr std::uint32_t none = 0xffffffffU;

  struct Arrival {
    TimePoint at{};
    std::uint32_t feeder = 0;
    std::uint32_t next = none;  ///< arrival at the same link
    Packet packet;
  };

  static bool comes_before(const Arrival& a, const Arrival& b) {
    return a.at != b.at ? a.at < b.at : a.feeder < b.feeder;
  }

  GrowingList<Arrival> arrivals_;
  std::array<GrowingList<std::uint32_t>, 2> reached_;  ///< links; not the last ones, the last ones
  std::vector<std::uint32_t> first_;                   ///< arrival per link
};

}  // namespace synfire
