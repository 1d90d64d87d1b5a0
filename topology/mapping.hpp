// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "sim/ids.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"

namespace synfire {

/// Neurons [begin, end) of a population on one neurocore; `core` is `host_core` for inputs.
struct PopulationSlice {
  PopulationId population{};
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  CoreId core{};

  std::uint32_t size() const { return end - begin; }
  bool operator==(const PopulationSlice&) const = default;
};

/// What a core holds, against the chip's capacities.
struct CoreUse {
  std::int64_t neurons = 0;
  std::int64_t axons_in = 0;
  std::int64_t synapse_memory_bits = 0;
  std::int64_t attention_memory_bits = 0;

  CoreUse& operator+=(const CoreUse& more);
  CoreUse& operator-=(const CoreUse& less);
  bool operator==(const CoreUse&) const = default;
};

/// Which neurons lie on which neurocore.
struct Mapping {
  std::vector<PopulationSlice> slices;  ///< ascending by (population, begin); index = SliceId
  std::vector<CoreUse> cores;           ///< per core of the chip
};

/// The mapping from which every placement starts (`linear`, see placement.hpp).
///
/// Fills cores in evaluation order, splitting populations over outputs so that neurons, axons in,
/// synapse memory and attention memory of every core suffice. Attention is split between heads.
///
/// A population takes the fewest equal slices that fit an empty core each; slices of several
/// populations may share a core. Cores are filled in neighbour_order, so that what is near in the
/// network is near on the chip. `context` is the number of tokens that attention must be able to
/// remember.
/// Throws  MappingError naming the population and the resource that ran out (`neurons`, `axons_in`,
///         `synapse_memory`, `attention_memory`, `neurocores`), with both numbers; also when the
///         chip's number formats (`weight_width`, `accumulator_width`, `payload_width`) are too
///         narrow for the network's proven bounds. ConfigError as prove_bounds and build_graph.
Mapping map_network(const Network& network, const ChipDescription& chip, std::uint32_t context);

/// Neurocores that hold neurons of the slices; the host is none.
std::uint32_t used_neurocores(std::span<const PopulationSlice> slices);

/// What slices take of every one of `cores` neurocores; more than there is, if they do not fit.
std::vector<CoreUse> core_uses(const Network& network, const ChipDescription& chip,
                               std::uint32_t context, std::span<const PopulationSlice> slices,
                               std::uint32_t cores);

}  // namespace synfire
