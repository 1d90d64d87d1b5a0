// SPDX-License-Identifier: Apache-2.0
#pragma once

// Queues without limit: members of NetworkOnChip.

#include <algorithm>

#include "topology/network_on_chip.hpp"

namespace synfire {

/// The earliest packet on a link, or of a core to itself, is at the far end.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::on_crossed(std::uint32_t link) {
  auto& crossings = crossings_[link];
  const Packet packet = crossings.front().packet;
  crossings.pop();
  const auto links = static_cast<std::uint32_t>(timings_.size());
  if (!crossings.empty()) {
    kernel_.schedule(crossings.front().arrives, Phase::transfer,
                     link < links ? component(link) : link - links,
                     static_cast<std::uint32_t>(NetworkEvent::link_crossed), link);
  }
  if (nodes_[packet.node].destination != no_destination) deliver(packet, kernel_.now());
  if (link < links) forward(packet, kernel_.now());
}

/// Copies a packet that is at its node at `now` to the links behind it.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::forward(const Packet& packet, TimePoint now) {
  const MulticastNode& node = nodes_[packet.node];
  Packet copy = packet;
  for (std::uint32_t i = 0; i < node.child_count; ++i) {
    copy.node = node.first_child + i;
    const LinkId link = nodes_[copy.node].channel.link;
    if (is_lost(packet, link)) {
      lose(packet, copy.node);
    } else {
      send(copy, index(link), now);
    }
  }
}

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::send(const Packet& packet, std::uint32_t link, TimePoint now) {
  InfiniteLink& server = infinite_links_[link];
  const TimePoint start = std::max(now, server.free_at);
  server.free_at = start + start_crossing(packet, link, now, start);
  auto& departures = server.departures;
  while (!departures.empty() && departures.front() <= now) departures.pop();
  departures.push(server.free_at);
  LinkUse& use = link_use_[link];
  use.max_queue_depth = std::max(use.max_queue_depth, static_cast<std::int64_t>(departures.size()));
  const TimePoint arrives = server.free_at + timings_[link].latency;
  if (foresees_[link] != 0) {
    deliver(packet, arrives);
  } else {
    wait_for_crossing(link, component(link), {arrives, packet});
  }
}

/// Packets of a link arrive in the order in which they were sent, so the event of the first stands
/// for all of them.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::wait_for_crossing(std::uint32_t link, std::uint32_t component,
                                                   const Crossing& crossing) {
  crossings_[link].push(crossing);
  if (crossings_[link].size() != 1) return;
  kernel_.schedule(crossing.arrives, Phase::transfer, component,
                   static_cast<std::uint32_t>(NetworkEvent::link_crossed), link);
}

}  // namespace synfire
