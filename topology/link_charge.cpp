// SPDX-License-Identifier: Apache-2.0
#include "topology/link_charge.hpp"

namespace synfire {

LinkCharge::LinkCharge(LinkKind kind) {
  switch (kind) {
    case LinkKind::horizontal:
      packet_ = Action::hop_horizontal;
      break;
    case LinkKind::vertical:
      packet_ = Action::hop_vertical;
      break;
    case LinkKind::board:
      packet_ = Action::hop_board;
      bit_ = Action::board_link_bit;
      break;
    case LinkKind::injection:
    case LinkKind::ejection:
      return;
  }
  is_local_ = false;
}

LinkCharge LinkCharge::none() {
  LinkCharge charge(LinkKind::injection);
  charge.is_free_ = true;
  return charge;
}

namespace {

constexpr std::size_t host_kind = 5;  // after the LinkKinds

LinkCharge charge_of(std::size_t kind) {
  return kind == host_kind ? LinkCharge::none() : LinkCharge(static_cast<LinkKind>(kind));
}

}  // namespace

std::vector<LinkCharge> link_charges(const RouterGraph& graph) {
  std::vector<LinkCharge> charges;
  for (const Link& link : graph.links()) charges.emplace_back(link.kind);
  charges[index(graph.injection_link(host_core))] = LinkCharge::none();
  charges[index(graph.ejection_link(host_core))] = LinkCharge::none();
  return charges;
}

CrossingLedger::CrossingLedger(const RouterGraph& graph, std::size_t slices)
    : counts_(slices * entries, 0) {
  for (const Link& link : graph.links()) {
    kind_of_.push_back(static_cast<std::uint8_t>(static_cast<std::size_t>(link.kind) * sizes));
  }
  kind_of_[index(graph.injection_link(host_core))] = host_kind * sizes;
  kind_of_[index(graph.ejection_link(host_core))] = host_kind * sizes;
}

void CrossingLedger::charge(std::span<const std::int64_t, packet_sizes> bits,
                            std::span<ActionCounts> slices) {
  for (std::size_t slice = 0; slice < slices.size(); ++slice) {
    for (std::size_t kind = 0; kind <= host_kind; ++kind) {
      for (std::size_t size = 0; size < packet_sizes; ++size) {
        std::int64_t& count = counts_[slice * entries + kind * sizes + size];
        const bool is_control_size = size == size_class(PacketKind::end_of_step);
        charge_of(kind).add(is_control_size ? Crossings{.control_packets = count}
                                            : Crossings{count, count * bits[size], 0},
                            slices[slice]);
        count = 0;
      }
    }
  }
}

}  // namespace synfire
