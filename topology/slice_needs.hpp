// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// Neurons that must lie on one neurocore: a head of attention, all of a LayerNorm, else 1.
constexpr std::uint32_t undivided_neurons(const Population& population) {
  if (population.model == NeuronModel::layer_norm) return population.size;
  return attends(population.model) ? population.size / population.attention.heads : 1;
}

/// What neurons of one population need on the neurocore that holds them.
struct SliceNeeds {
  std::uint32_t smallest = 1;     ///< that stay together: a head of attention, a LayerNorm, else 1
  std::int64_t shared_axons = 0;  ///< whatever the number of neurons: sources of dense ones
  std::int64_t axons = 0;         ///< per neuron: one-to-one sources
  std::int64_t synapse_bits = 0;  ///< per neuron
  std::int64_t attention_bits = 0;  ///< per neuron

  CoreUse of(std::int64_t neurons) const;
};

/// Needs of a population on a chip whose attention remembers `context` tokens. A source that
/// reaches the population by several projections takes one axon; if they take different ranges of
/// it, so does every source between them.
SliceNeeds slice_needs(const Network& network, PopulationId population, const ChipDescription& chip,
                       std::uint32_t context);

/// Bits of a payload as a factor: those that its table, or the tables of what attention averages,
/// have, otherwise the width of the chip's payloads. (What a residual can come to would be proven
/// from weights, which a rank need not have.)
std::int64_t factor_bits(const Network& network, PopulationId population,
                         const ChipDescription& chip);

/// Bits of the widest payload that softmax attention remembers: of its sources' tables.
std::int64_t operand_bits(const Network& network, PopulationId population);

/// Synapse memory of one (source, target) pair of a dense projection, its weights of all time
/// steps.
std::int64_t bits_per_synapse(const Network& network, const Projection& projection,
                              const ChipDescription& chip);

/// Capacities of a neurocore.
CoreUse core_capacity(const ChipDescription& chip);

/// True if a core that already holds `used` has room for `more`.
bool fits(const CoreUse& used, const CoreUse& more, const CoreUse& capacity);

}  // namespace synfire
