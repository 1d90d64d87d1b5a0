// SPDX-License-Identifier: Apache-2.0
#pragma once

// Credit flow control: members of NetworkOnChip.

#include <algorithm>
#include <limits>

#include "topology/network_on_chip.hpp"

namespace synfire {

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::make_buffers(const RouterGraph& graph,
                                              const ChipDescription& chip) {
  const auto links = graph.links();
  credit_links_.resize(links.size());
  channels_.resize(links.size() * virtual_channels_);
  buffers_.resize(channels_.size() + core_count_ + 1);
  core_of_.assign(links.size(), no_buffer);
  for (std::uint32_t core = 0; core <= core_count_; ++core) {
    core_of_[index(graph.injection_link(core == core_count_ ? host_core : CoreId{core}))] = core;
  }
  is_ejection_.assign(links.size(), 0);
  for (std::uint32_t link = 0; link < links.size(); ++link) {
    const bool is_host = LinkId{link} == graph.ejection_link(host_core);
    is_ejection_[link] = links[link].kind == LinkKind::ejection && !is_host ? 1 : 0;
    if (links[link].kind == LinkKind::board) credit_links_[link].credit_phase = Phase::process;
    const std::int64_t places = is_host                   ? std::numeric_limits<std::int64_t>::max()
                                : is_ejection_[link] != 0 ? chip.neurocore.input_queue
                                                          : buffer_depth_;
    for (std::uint32_t v = 0; v < virtual_channels_; ++v) {
      channels_[link * virtual_channels_ + v].credits = places;
    }
  }
}

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::compose(std::uint32_t core, const Packet& packet,
                                         std::uint32_t root, TimePoint ready) {
  if (nodes_[root].child_count != 0) ++backlog_[core];
  const std::uint32_t place = pool_.add(packet);
  pool_[place].node = root;
  pool_[place].injected = ready;
  kernel_.schedule(ready, Phase::transfer, core,
                   static_cast<std::uint32_t>(NetworkEvent::packet_composed), place);
}

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::return_credit(std::uint32_t node, TimePoint when) {
  if (!has_credits_) return;
  const Channel channel = nodes_[node].channel;
  if (is_ejection_[index(channel.link)] == 0) return;
  schedule_credit(when + credit_latency_, channel_index(channel));
}

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::on_composed(std::uint32_t place) {
  const MulticastNode& root = nodes_[pool_[place].node];
  if (root.destination != no_destination) sink_.deliver(pool_[place], kernel_.now());
  if (root.child_count == 0) {
    pool_.remove(place);
    return;
  }
  const std::uint32_t core = core_of_[index(nodes_[root.first_child].channel.link)];
  SYNFIRE_ASSERT(core != no_buffer, "a tree does not start with an injection link");
  store(static_cast<std::uint32_t>(channels_.size()) + core, place);
}

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::on_arrived(std::uint32_t place) {
  const MulticastNode& node = nodes_[pool_[place].node];
  if (node.child_count == 0) {
    sink_.deliver(pool_[place], kernel_.now());
    pool_.remove(place);
    return;
  }
  SYNFIRE_ASSERT(node.destination == no_destination, "a router is no destination");
  const std::uint32_t buffer = channel_index(node.channel);
  store(buffer, place);
  const auto stored = static_cast<std::int64_t>(buffers_[buffer].packets.size());
  SYNFIRE_ASSERT(stored <= buffer_depth_, "a buffer overflows");
  max_buffered_ = std::max(max_buffered_, stored);
}

/// The tail of the packet on `link` has left.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::on_released(std::uint32_t link) {
  const std::uint32_t buffer = credit_links_[link].sending;
  credit_links_[link].sending = no_buffer;
  to_serve_.push_back(link);
  finish(link, buffer);
}

/// A copy of the packet at `place` on its way to `node`; the last copy is the packet itself.
template <typename Queue, typename Sink>
std::uint32_t NetworkOnChip<Queue, Sink>::branch(std::uint32_t place, bool is_last,
                                                 std::uint32_t node) {
  const std::uint32_t copy = is_last ? place : pool_.add(pool_[place]);
  pool_[copy].node = node;
  return copy;
}

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::store(std::uint32_t buffer, std::uint32_t place) {
  const MulticastNode& node = nodes_[pool_[place].node];
  for (const MulticastNode& child : nodes_.subspan(node.first_child, node.child_count)) {
    const std::uint32_t link = index(child.channel.link);
    const std::int64_t depth = ++credit_links_[link].depth;
    link_use_[link].max_queue_depth = std::max(link_use_[link].max_queue_depth, depth);
  }
  buffers_[buffer].packets.push({place, kernel_.now()});
  if (buffers_[buffer].packets.size() == 1) request_links(buffer);
}

/// The first packet of a buffer asks for the links that it needs; one that needs none dies.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::request_links(std::uint32_t buffer) {
  PacketBuffer& from = buffers_[buffer];
  while (!from.packets.empty()) {
    const std::uint32_t place = from.packets.front().place;
    from.ungranted = from.unfinished = request_links_of(buffer, place);
    if (from.ungranted != 0) return;
    pool_.remove(place);
    leave_port(buffer);
    free_place(buffer);
  }
}

template <typename Queue, typename Sink>
std::uint32_t NetworkOnChip<Queue, Sink>::request_links_of(std::uint32_t buffer,
                                                           std::uint32_t place) {
  const MulticastNode& node = nodes_[pool_[place].node];
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < node.child_count; ++i) {
    const std::uint32_t child = node.first_child + i;
    const Channel channel = nodes_[child].channel;
    if (is_lost(pool_[place], index(channel.link))) {
      --credit_links_[index(channel.link)].depth;
      sink_.lost(pool_[place], child, kernel_.now());
      continue;
    }
    channels_[channel_index(channel)].requests.push({requests_++, buffer, child});
    to_serve_.push_back(index(channel.link));
    ++count;
  }
  return count;
}

/// Lets every link that something has changed for start a transmission if it can. A transmission
/// that takes no time is over at once and brings new requests, which are served here, too. Each
/// change (request, credit, link free) allows one transmission at most.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::serve_links() {
  for (std::size_t served = 0; served < to_serve_.size();) {  // grows meanwhile
    const std::uint32_t link = to_serve_[served++];
    if (credit_links_[link].sending != no_buffer) continue;
    OutputChannel* const channel = next_channel(link);
    if (channel != nullptr) grant(link, *channel);
  }
  to_serve_.clear();
}

/// The channel of the earliest request that has a credit, or null.
template <typename Queue, typename Sink>
OutputChannel* NetworkOnChip<Queue, Sink>::next_channel(std::uint32_t link) {
  OutputChannel* next = nullptr;
  for (std::uint32_t v = 0; v < virtual_channels_; ++v) {
    OutputChannel& channel = channels_[link * virtual_channels_ + v];
    if (channel.credits == 0 || channel.requests.empty()) continue;
    if (next == nullptr || channel.requests.front().order < next->requests.front().order) {
      next = &channel;
    }
  }
  return next;
}

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::grant(std::uint32_t link, OutputChannel& channel) {
  const LinkRequest request = channel.requests.front();
  channel.requests.pop();
  --channel.credits;
  PacketBuffer& from = buffers_[request.buffer];
  const StoredPacket stored = from.packets.front();
  const std::uint32_t place = branch(stored.place, --from.ungranted == 0, request.node);
  const TimePoint now = kernel_.now();
  const Duration occupied = start_crossing(pool_[place], link);
  link_use_[link].waiting += now - stored.since;
  const TimePoint arrives = now + occupied + latency_[link];
  if (credit_links_[link].leaves_rank) {
    outgoing_[peer_rank_[link]].push_back({.at = arrives, .place = link, .packet = pool_[place]});
    sends_ = true;
    pool_.remove(place);
  } else {
    kernel_.schedule(arrives, Phase::transfer, component(link),
                     static_cast<std::uint32_t>(NetworkEvent::packet_arrived), place);
  }
  if (occupied != Duration{0}) {
    credit_links_[link].sending = request.buffer;
    kernel_.schedule(now + occupied, Phase::transfer, component(link),
                     static_cast<std::uint32_t>(NetworkEvent::link_released), link);
  }
  if (from.ungranted == 0) leave_port(request.buffer);
  if (occupied == Duration{0}) finish(link, request.buffer);
}

/// The tail of a copy of the buffer's first packet has left over `link`.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::finish(std::uint32_t link, std::uint32_t buffer) {
  --credit_links_[link].depth;
  if (--buffers_[buffer].unfinished != 0) return;
  free_place(buffer);
  request_links(buffer);
}

/// Takes the first packet away; its credit returns to the sender.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::free_place(std::uint32_t buffer) {
  buffers_[buffer].packets.pop();
  if (buffer >= channels_.size()) return;
  const TimePoint when = kernel_.now() + credit_latency_;
  const std::uint32_t link = buffer / virtual_channels_;
  if (peer_rank_.empty() || peer_rank_[link] == rank_) {
    schedule_credit(when, buffer);
  } else {
    outgoing_[peer_rank_[link]].push_back({.at = when, .place = buffer, .is_credit = 1});
    sends_ = true;
  }
}

/// The sender of a channel may use a place more from `when` on.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::schedule_credit(TimePoint when, std::uint32_t channel) {
  const std::uint32_t link = channel / virtual_channels_;
  kernel_.schedule(when, credit_links_[link].credit_phase, component(link),
                   static_cast<std::uint32_t>(NetworkEvent::credit_returned), channel);
}

/// If the buffer is a port, its first packet is no longer in the way of the neurocore.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::leave_port(std::uint32_t buffer) {
  if (buffer < channels_.size()) return;
  const std::uint32_t core = buffer - static_cast<std::uint32_t>(channels_.size());
  --backlog_[core];
  sink_.port_ready(core);
}

template <typename Queue, typename Sink>
std::string NetworkOnChip<Queue, Sink>::blocked() const {
  std::vector<ChannelWait> waits;
  for (std::uint32_t channel = 0; channel < channels_.size(); ++channel) {
    const OutputChannel& output = channels_[channel];
    if (output.credits != 0) continue;
    for (std::size_t i = 0; i < output.requests.size(); ++i) {
      waits.push_back({output.requests[i].buffer, channel});
    }
  }
  return describe_waits(graph_, virtual_channels_, waits);
}

}  // namespace synfire
