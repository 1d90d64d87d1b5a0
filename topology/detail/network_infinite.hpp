// SPDX-License-Identifier: Apache-2.0
#pragma once

// Queues without limit: members of NetworkOnChip.

#include <algorithm>

#include "topology/network_on_chip.hpp"

namespace synfire {

/// A packet leaves the port of its core: nothing can come between it and the injection link.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::start_from(std::uint32_t core, const Packet& packet,
                                            std::uint32_t root, TimePoint ready) {
  const Hop hop = hops_[root];
  if (hop.is_destination != 0) {
    const auto port = static_cast<std::uint32_t>(link_use_.size()) + core;
    wait_until(ready, port, core, packet, root).injected = ready;
  }
  for (std::uint32_t i = 0; i < hop.child_count; ++i) {
    const std::uint32_t child = hop.first_child + i;
    const std::uint32_t link = hops_[child].link;
    if (is_lost(packet, link)) {
      sink_.lost(packet, child);
    } else {
      send(packet, child, link, ready).injected = ready;
    }
  }
}

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
  if (hops_[packet.node].is_destination != 0) sink_.deliver(packet, kernel_.now());
  if (link < links) forward(packet, kernel_.now());
  crossings.pop();
  --in_flight_;
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
      sink_.lost(packet, child);
    } else if (foresees_[link] != 0) {
      send_to_end(packet, child, link, now);
    } else {
      send(packet, child, link, now);
    }
  }
}

/// A packet reaches a link at `now`; returns when its tail will be at the far end.
template <typename Queue, typename Sink>
TimePoint NetworkOnChip<Queue, Sink>::serve(const Packet& packet, std::uint32_t link,
                                            TimePoint now) {
  InfiniteLink& server = infinite_links_[link];
  const TimePoint start = std::max(now, server.free_at);
  server.free_at = start + start_crossing(packet, link, now, start);
  return server.free_at + server.latency;
}

/// Sends a copy of the packet over the link before `child`; returns the copy.
template <typename Queue, typename Sink>
Packet& NetworkOnChip<Queue, Sink>::send(const Packet& packet, std::uint32_t child,
                                         std::uint32_t link, TimePoint now) {
  const TimePoint arrives = serve(packet, link, now);
  Packet& copy = wait_until(arrives, link, component(link), packet, child);
  InfiniteLink& server = infinite_links_[link];
  const auto depth = [&] {
    return static_cast<std::int64_t>(server.crossings.size() - server.departed);
  };
  std::int64_t& deepest = link_use_[link].max_queue_depth;
  if (depth() <= deepest) return copy;          // at most that many have not departed
  const TimePoint seen = now + server.latency;  // arrival of what departs now
  while (depth() > 1 && server.crossings[server.departed].arrives <= seen) ++server.departed;
  deepest = std::max(deepest, depth());
  return copy;
}

/// Sends the packet over a link that foresees: all that comes of it is known at once.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::send_to_end(Packet& packet, std::uint32_t child,
                                             std::uint32_t link, TimePoint now) {
  const TimePoint arrives = serve(packet, link, now);
  InfiniteLink& server = infinite_links_[link];
  count_depth(server.departures, server.free_at, now, link_use_[link].max_queue_depth);
  packet.node = child;
  sink_.deliver(packet, arrives);
}

/// Packets of a link arrive in the order in which they were sent, so the event of the first stands
/// for all of them. Returns the copy that waits, on its way to `node`.
template <typename Queue, typename Sink>
Packet& NetworkOnChip<Queue, Sink>::wait_until(TimePoint arrives, std::uint32_t link,
                                               std::uint32_t component, const Packet& packet,
                                               std::uint32_t node) {
  auto& crossings = infinite_links_[link].crossings;
  Crossing& crossing = crossings.push();
  crossing.arrives = arrives;
  crossing.packet = packet;
  crossing.packet.node = node;
  ++in_flight_;
  if (crossings.size() == 1) {
    kernel_.schedule(arrives, Phase::transfer, component,
                     static_cast<std::uint32_t>(NetworkEvent::link_crossed), link);
  }
  return crossing.packet;
}

}  // namespace synfire
