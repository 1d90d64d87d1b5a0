// SPDX-License-Identifier: Apache-2.0
#pragma once

// Links between chips of different ranks: members of NetworkOnChip.

#include <algorithm>

#include "topology/network_on_chip.hpp"

namespace synfire {

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::share(const RankShare& share) {
  rank_ = share.rank;
  outgoing_.resize(share.ranks);
  peer_rank_.assign(link_use_.size(), rank_);
  lookahead_ = has_credits_ ? credit_latency_ : Duration::max();
  for (std::uint32_t link = 0; link < graph_.router_links().size(); ++link) {
    const Link& ends = graph_.links()[link];
    const std::uint32_t from = share.rank_of_router[index(ends.from)];
    const std::uint32_t to = share.rank_of_router[index(ends.to)];
    if (from == to) continue;
    for (std::size_t size = 0; size < bits_.size(); ++size) {
      const Duration serialization = sizes_[link * bits_.size() + size].serialization;
      lookahead_ = std::min(lookahead_, latency_[link] + serialization);
    }
    if (to == rank_) peer_rank_[link] = from;
    if (from == rank_) leave_far_end(link, to);
  }
}

/// A packet on the link is its receiver's as soon as its arrival is known, so nothing is awaited
/// from the link: what is on it is collected at the end of a window.
template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::leave_far_end(std::uint32_t link, std::uint32_t rank) {
  peer_rank_[link] = rank;
  if (has_credits_) {
    credit_links_[link].leaves_rank = true;
  } else {
    infinite_links_[link].has_windows = false;
    infinite_links_[link].leaves_rank = true;
  }
}

template <typename Queue, typename Sink>
std::span<std::vector<LinkMessage>> NetworkOnChip<Queue, Sink>::outgoing() {
  for (const std::uint32_t link : leaving_) {
    auto& crossings = infinite_links_[link].crossings;
    auto& messages = outgoing_[peer_rank_[link]];
    for (; !crossings.empty(); crossings.pop(), --in_flight_) {
      messages.push_back(
          {.at = crossings.front().arrives, .place = link, .packet = crossings.front().packet});
    }
  }
  leaving_.clear();
  sends_ = false;
  return outgoing_;
}

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::receive(const LinkMessage& message) {
  if (message.is_credit != 0) {
    schedule_credit(message.at, message.place);
  } else if (has_credits_) {
    schedule(message.at, component(message.place), NetworkEvent::packet_arrived,
             pool_.add(message.packet));
  } else {
    wait_until(message.at, message.place, message.packet, message.packet.node);
  }
}

}  // namespace synfire
