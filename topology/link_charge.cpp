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

std::vector<LinkCharge> link_charges(const RouterGraph& graph) {
  std::vector<LinkCharge> charges;
  for (const Link& link : graph.links()) charges.emplace_back(link.kind);
  charges[index(graph.injection_link(host_core))] = LinkCharge::none();
  charges[index(graph.ejection_link(host_core))] = LinkCharge::none();
  return charges;
}

}  // namespace synfire
