// SPDX-License-Identifier: Apache-2.0
#pragma once

// Queues without limit: members of NetworkOnChip.

#include <algorithm>

#include "topology/network_on_chip.hpp"

namespace synfire {

/// The earliest packet on a link, or of a core to itself, is at the far end.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::on_crossed(std::uint32_t link) {
  InfiniteLink& server = infinite_links_[link];
  auto& crossings = server.crossings;
  Packet& packet = crossings.front().packet;  // stays there: it crosses no link twice
  const auto links = static_cast<std::uint32_t>(link_use_.size());
  if (crossings.size() > 1) {
    kernel_.schedule(crossings[1].arrives, Phase::transfer,
                     link < links ? component(link) : link - links,
                     static_cast<std::uint32_t>(NetworkEvent::link_crossed), link);
  }
  if (hops_[packet.node].is_destination != 0) deliver(packet, kernel_.now());
  if (link < links) forward(packet, kernel_.now());
  crossings.pop();
  server.departed -= std::min<std::size_t>(server.departed, 1);
}

/// Copies a packet that is at its node at `now` to the links behind it.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::forward(Packet& packet, TimePoint now) {
  const Hop hop = hops_[packet.node];
  const std::uint32_t end = hop.first_child + hop.child_count;
  for (std::uint32_t child = hop.first_child; child != end; ++child) {
    const std::uint32_t link = hops_[child].link;
    if (is_lost(packet, link)) {
      lose(packet, child);
    } else {
      send(packet, child, link, now);
    }
  }
}

/// Sends a copy of the packet over the link before `child`.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::send(Packet& packet, std::uint32_t child, std::uint32_t link,
                                      TimePoint now) {
  InfiniteLink& server = infinite_links_[link];
  const TimePoint start = std::max(now, server.free_at);
  server.free_at = start + start_crossing(packet, link, now, start);
  const TimePoint arrives = server.free_at + server.latency;
  std::int64_t& deepest = link_use_[link].max_queue_depth;
  if (foresees_[link] != 0) {
    count_depth(server.departures, server.free_at, now, deepest);
    packet.node = child;
    deliver(packet, arrives);
    return;
  }
  wait_until(arrives, link, component(link), packet).node = child;
  const auto depth = [&] {
    return static_cast<std::int64_t>(server.crossings.size() - server.departed);
  };
  if (depth() <= deepest) return;               // at most that many have not departed
  const TimePoint seen = now + server.latency;  // arrival of what departs now
  while (depth() > 1 && server.crossings[server.departed].arrives <= seen) ++server.departed;
  deepest = std::max(deepest, depth());
}

/// Packets of a link arrive in the order in which they were sent, so the event of the first stands
/// for all of them. Returns the copy that waits.
template <typename Queue, typename Sink>
Packet& NetworkOnChip<Queue, Sink>::wait_until(TimePoint arrives, std::uint32_t link,
                                               std::uint32_t component, const Packet& packet) {
  auto& crossings = infinite_links_[link].crossings;
  Crossing& crossing = crossings.push();
  crossing.arrives = arrives;
  crossing.packet = packet;
  if (crossings.size() == 1) {
    kernel_.schedule(arrives, Phase::transfer, component,
                     static_cast<std::uint32_t>(NetworkEvent::link_crossed), link);
  }
  return crossing.packet;
}

}  // namespace synfire
