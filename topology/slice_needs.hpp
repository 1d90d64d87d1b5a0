// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// What neurons of one population need on the neurocore that holds them.
struct SliceNeeds {
  std::uint32_t smallest = 1;       ///< neurons that stay together: a head of attention, else 1
  std::int64_t shared_axons = 0;    ///< whatever the number of neurons: sources of dense ones
  std::int64_t axons = 0;           ///< per neuron: one-to-one sources
  std::int64_t synapse_bits = 0;    ///< per neuron
  std::int64_t attention_bits = 0;  ///< per neuron

  CoreUse of(std::int64_t neurons) const;
};

/// Needs of a population on a chip whose attention remembers `context` tokens. A source that
/// reaches the population by several projections takes one axon; if they take different ranges of
/// it, so does every source between them.
SliceNeeds slice_needs(const Network& network, PopulationId population, const ChipDescription& chip,
                       std::uint32_t context);

/// Synapse memory of one (source, target) pair of a dense projection, its weights of all time
/// steps.
std::int64_t bits_per_synapse(const Network& network, const Projection& projection,
                              const ChipDescription& chip);

/// Capacities of a neurocore.
CoreUse core_capacity(const ChipDescription& chip);

/// True if a core that already holds `used` has room for `more`.
bool fits(const CoreUse& used, const CoreUse& more, const CoreUse& capacity);

}  // namespace synfire
