// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"
#include "topology/neuron_traffic.hpp"
#include "topology/slice_traffic.hpp"

namespace synfire {

/// On which neurocore each slice lies. None changes what is computed, nor how populations are
/// split.
enum class PlacementStrategy : std::uint8_t {
  linear,     ///< core after core in the order of evaluation (map_network)
  greedy,     ///< slice after slice, each where it adds the least packets x hops
  annealing,  ///< simulated annealing on packets x hops, from the better of the two above
  partition,  ///< METIS cuts the slices into groups between which little is sent; then as greedy
};

std::string_view to_string(PlacementStrategy strategy);
/// Throws ConfigError naming `--placement` for a name that is none of the strategies'.
PlacementStrategy placement_from_string(const std::string& name);

struct PlacementOptions {
  PlacementStrategy strategy = PlacementStrategy::linear;
  std::uint64_t seed = 1;  ///< annealing, partition
  std::int64_t proposals =
      0;  ///< annealing: moves tried in a round; 0: as many as the slices ask for
};

/// Places the slices of a mapping anew; every capacity is kept.
///
/// `linear` is what map_network made. Neurocores beyond most_candidates, in neighbour_order, are
/// used only if `linear` needs them.
/// Throws  MappingError `neurocores` if `greedy` or `partition` leaves no neurocore with room for a
///         slice; ConfigError as make_routing, or `--placement` for `partition` without METIS.
Mapping place_slices(const Network& network, const ChipDescription& chip, std::uint32_t context,
                     const Mapping& linear, const NeuronTraffic& traffic,
                     const PlacementOptions& options);

/// Neurocores that a placement chooses from.
inline constexpr std::uint32_t most_candidates = 4096;

/// Packets x hops of a mapping under unicast, in all tokens of `traffic`.
TrafficHops traffic_hops(const Network& network, const ChipDescription& chip,
                         const Mapping& mapping, const NeuronTraffic& traffic);

}  // namespace synfire
