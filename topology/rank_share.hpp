// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/units.hpp"
#include "topology/packet.hpp"

namespace synfire {

/// Which part of a board one of several ranks simulates: whole chips, with all that hangs at their
/// routers. Rank 0 has the host.
struct RankShare {
  std::uint32_t rank = 0;
  std::uint32_t ranks = 1;
  std::vector<std::uint32_t> rank_of_router;
};

/// What crosses from the chips of a rank to those of another: a packet on its way over a link, or
/// the credit for a place that one has left.
struct LinkMessage {
  TimePoint at{};           ///< the packet's tail is at the far end, or the credit at the near one
  std::uint32_t place = 0;  ///< LinkId of the packet's link, or the channel of the credit
  std::uint32_t is_credit = 0;
  Packet packet{};  ///< its node is where it arrives; unused by a credit
};

}  // namespace synfire
