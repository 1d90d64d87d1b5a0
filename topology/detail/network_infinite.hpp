// SPDX-License-Identifier: Apache-2.0
#pragma once

// Queues without limit: members of NetworkOnChip.

#include <algorithm>

#include "topology/network_on_chip.hpp"

namespace synfire {

/// Links, then what a core sends to itself. Links on which every packet goes on to other links have
/// their arrivals gathered in windows.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::make_links() {
  infinite_links_.resize(link_use_.size() + core_count_ + 1);
  std::vector<std::uint8_t> is_last(link_use_.size(), 0);
  for (const MulticastNode& node : nodes_) {
    const std::uint32_t first_link =
        node.child_count == 0 ? 0 : index(nodes_[node.first_child].channel.link);
    hops_.push_back({index(node.channel.link), first_link, node.first_child, node.child_count,
                     node.destination != no_destination});
    for (const MulticastNode& child : nodes_.subspan(node.first_child, node.child_count)) {
      if (child.child_count == 0) is_last[index(child.channel.link)] = 1;
    }
  }
  Duration shortest = Duration::max();
  for (std::size_t link = 0; link < latency_.size(); ++link) {
    InfiniteLink& server = infinite_links_[link];
    server.latency = latency_[link];
    server.has_windows = is_last[link] == 0;
    if (!server.has_windows) continue;
    for (std::size_t size = 0; size < bits_.size(); ++size) {
      shortest =
          std::min(shortest, latency_[link] + sizes_[link * bits_.size() + size].serialization);
    }
  }
  kernel_.set_windows(shortest, static_cast<std::uint32_t>(NetworkEvent::window_begins));
  arrivals_.resize(link_use_.size());
}

/// What a link has seen, those have seen that it stands for.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::copy_to_alike() {
  for (std::uint32_t core = 0; core < core_count_; ++core) {
    const auto first = index(graph_.ejection_link(CoreId{core}));
    for (std::uint32_t i = 1; i < infinite_links_[first].alike; ++i) {
      link_use_[index(graph_.ejection_link(CoreId{core + i}))] = link_use_[first];
    }
  }
}

/// A packet leaves the port of its core: nothing can come between it and the injection link.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::start_from(std::uint32_t core, Packet packet, std::uint32_t root,
                                            TimePoint ready) {
  const Hop hop = hops_[root];
  packet.injected = ready;
  if (hop.is_destination != 0) {
    const auto port = static_cast<std::uint32_t>(link_use_.size()) + core;
    wait_until(ready, port, packet, root);
  }
  for_each_branch(hop, packet, ready,
                  [&](std::uint32_t node, std::uint32_t link) { send(packet, node, link, ready); });
}

/// Calls `visit(node, link)` for each node behind that of the packet, and the link to it; for the
/// first of those only whose links are alike.
template <typename Queue, typename Sink>
template <typename Visitor>
void NetworkOnChip<Queue, Sink>::for_each_branch(const Hop& hop, const Packet& packet,
                                                 TimePoint now, const Visitor& visit) {
  if (hop.child_count == 0) return;
  const auto branch_to = [&](std::uint32_t node, std::uint32_t link) {
    if (is_lost(packet, link)) {
      sink_.lost(packet, node, now);
    } else {
      visit(node, link);
    }
  };
  branch_to(hop.first_child, hop.first_link);
  if (hop.child_count == 1) return;  // all that chains have
  for (std::uint32_t i = infinite_links_[hop.first_link].alike; i < hop.child_count;) {
    const std::uint32_t node = hop.first_child + i;
    const std::uint32_t link = hops_[node].link;
    branch_to(node, link);
    i += infinite_links_[link].alike;
  }
}

/// A packet reaches a link at `now`; returns when its tail will be at the far end.
template <typename Queue, typename Sink>
TimePoint NetworkOnChip<Queue, Sink>::serve(const Packet& packet, std::uint32_t link,
                                            TimePoint now) {
  InfiniteLink& server = infinite_links_[link];
  const TimePoint start = std::max(now, server.free_at);
  server.waiting += start - now;
  server.free_at = start + start_crossing(packet, link);
  server.departures.enter(now, server.free_at);
  return server.free_at + server.latency;
}

/// A packet on its way to `node` reaches the link before that at `now`. If the link foresees, all
/// that comes of the packet is known at once.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::send(Packet& packet, std::uint32_t node, std::uint32_t link,
                                      TimePoint now) {
  const TimePoint arrives = serve(packet, link, now);
  if (infinite_links_[link].foresees) {
    packet.node = node;
    sink_.deliver(packet, arrives);
  } else {
    wait_until(arrives, link, packet, node);
  }
}

/// Packets of a link arrive in the order in which they were sent, so the first stands for all of
/// them.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::wait_until(TimePoint arrives, std::uint32_t link,
                                            const Packet& packet, std::uint32_t node) {
  auto& crossings = infinite_links_[link].crossings;
  Crossing& crossing = crossings.push();
  crossing.arrives = arrives;
  crossing.packet = packet;
  crossing.packet.node = node;
  ++in_flight_;
  __builtin_prefetch(&hops_[node]);
  if (crossings.size() == 1) await(link);
}

/// Sees to it that the earliest packet on a link is heard of.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::await(std::uint32_t link) {
  const InfiniteLink& server = infinite_links_[link];
  const TimePoint arrives = server.crossings.front().arrives;
  if (!server.has_windows) {
    if (server.leaves_rank) {
      leaving_.push_back(link);
      return;
    }
    const auto links = static_cast<std::uint32_t>(link_use_.size());
    schedule(arrives, link < links ? component(link) : link - links, NetworkEvent::link_crossed,
             link);
    return;
  }
  if (!kernel_.can_await(arrives)) {
    schedule(arrives - 2 * kernel_.windows().length(), component(link), NetworkEvent::window_near,
             link);
    return;
  }
  feeders_[kernel_.await(arrives)].push() = link;
}

/// The earliest packet on a link to a core that does not foresee, or of a core to itself, is there.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::on_crossed(std::uint32_t link) {
  auto& crossings = infinite_links_[link].crossings;
  const Packet packet = crossings.front().packet;
  crossings.pop();
  --in_flight_;
  if (!crossings.empty()) await(link);
  sink_.deliver(packet, kernel_.now());
}

/// Moves on all that arrives at routers in the window that begins now. Whatever comes of it, or of
/// other events in the window, arrives after its end, so nothing is missing; and packets meet only
/// at the links behind, each of which serves its own in order.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::on_window(std::uint32_t place) {
  const TimePoint end = kernel_.now() + kernel_.windows().length();
  auto& feeders = feeders_[place];
  if (feeders.size() == 1) {
    const std::uint32_t feeder = feeders[0];
    feeders.clear();
    take_arrivals(feeder, end,
                  [this](Packet& packet, std::uint32_t node, std::uint32_t link, TimePoint at) {
                    send(packet, node, link, at);
                  });
    return;
  }
  arrivals_.clear();
  for (const std::uint32_t feeder : feeders) {
    take_arrivals(feeder, end,
                  [&](Packet& packet, std::uint32_t node, std::uint32_t link, TimePoint at) {
                    arrivals_.add(link, infinite_links_[link].foresees, at, feeder, packet, node);
                  });
  }
  feeders.clear();
  arrivals_.take_all(false, [this](const Packet& packet, std::uint32_t link, TimePoint at) {
    wait_until(serve(packet, link, at), link, packet, packet.node);
  });
  arrivals_.take_all(true, [this](const Packet& packet, std::uint32_t link, TimePoint at) {
    sink_.deliver(packet, serve(packet, link, at));
  });
}

/// Takes what arrives over the link before `end`, and hands a copy of each packet to whatever takes
/// it to each link behind.
template <typename Queue, typename Sink>
template <typename Taker>
void NetworkOnChip<Queue, Sink>::take_arrivals(std::uint32_t feeder, TimePoint end,
                                               const Taker& taker) {
  auto& crossings = infinite_links_[feeder].crossings;
  std::int64_t count = 0;
  do {
    Crossing& crossing = crossings.front();
    const Hop hop = hops_[crossing.packet.node];
    for_each_branch(hop, crossing.packet, crossing.arrives,
                    [&](std::uint32_t node, std::uint32_t link) {
                      taker(crossing.packet, node, link, crossing.arrives);
                    });
    crossings.pop();
    ++count;
  } while (!crossings.empty() && crossings.front().arrives < end);
  in_flight_ -= count;
  kernel_.count_events(count);
  if (!crossings.empty()) await(feeder);
}

}  // namespace synfire
