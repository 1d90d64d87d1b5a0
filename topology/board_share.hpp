// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// The chips of a board: routers that are joined by links other than those between chips. The joint
/// of a board of trees is one, too.
struct BoardChips {
  std::uint32_t count = 0;
  std::vector<std::uint32_t> chip_of_router;  ///< numbered in the order of their first routers
};

BoardChips chips_of(const RouterGraph& graph);

/// How many chips each rank has.
std::vector<std::uint32_t> chips_per_rank(const BoardChips& chips,
                                          const std::vector<std::uint32_t>& rank_of_router,
                                          std::uint32_t ranks);

/// Shares the chips of a board among ranks; the first rank gets the host's chip.
///
/// Balances what chips have to do (packets of their slices and neurons, at the assumed rates of
/// assumed_traffic), and of equal balance, within a tenth, wants few packets between ranks: chips
/// in their order are cut into runs of equal work, then moved and exchanged while that helps.
/// Returns  rank of every router; no rank is without a chip.
/// Throws   ConfigError `ranks` if there are fewer chips than ranks, or chips of different ranks
/// are
///          joined by links without latency: nothing could be simulated before the other rank is
///          heard.
std::vector<std::uint32_t> share_board(const Network& network, const ChipDescription& chip,
                                       const Mapping& mapping, std::uint32_t ranks);

/// Frees weights of synapses to populations of which nothing lies on the rank. One that is cut
/// between ranks is whole on each of them.
void free_weights_elsewhere(Network& network, const Mapping& mapping, const RouterGraph& graph,
                            const std::vector<std::uint32_t>& rank_of_router, std::uint32_t rank);

}  // namespace synfire
