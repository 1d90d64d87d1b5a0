// SPDX-License-Identifier: Apache-2.0
#include "topology/slice_needs.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "neurons/bounds.hpp"

namespace synfire {
namespace {

std::int64_t attention_bits_per_neuron(const Network& network, PopulationId id,
                                       const ChipDescription& chip, std::uint32_t context) {
  const Population& population = network.population(id);
  const AttentionParameters& attention = population.attention;
  const std::int64_t steps = network.time_steps();
  constexpr std::int64_t key_and_value = 2;
  if (population.model == NeuronModel::softmax_attention) {
    return steps * context * key_and_value * operand_bits(network, id);
  }
  const std::int64_t head_dimension = population.size / attention.heads;
  const bool uses_state = attention.kind == AttentionKind::leaky ||
                          chip.attention.realisation == AttentionRealisation::state;
  if (uses_state) return steps * head_dimension * attention_entry_bits(attention, context);
  return steps * context * key_and_value;
}

/// Bits of the widest entry.
std::int64_t table_bits(const Population& population) {
  std::int64_t largest = 0;
  for (const std::int32_t entry : population.table) {
    largest = std::max(largest, std::abs(std::int64_t{entry}));
  }
  return signed_width(largest);
}

struct NeuronRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::uint32_t size() const { return end - begin; }
  void include(NeuronRange more) {
    begin = size() == 0 ? more.begin : std::min(begin, more.begin);
    end = std::max(end, more.end);
  }
};

}  // namespace

std::int64_t operand_bits(const Network& network, PopulationId id) {
  std::int64_t widest = 0;
  for (const ProjectionId incoming : network.incoming(id)) {
    const PopulationId source = network.projection(incoming).source;
    widest = std::max(widest, table_bits(network.population(source)));
  }
  return widest;
}

std::int64_t factor_bits(const Network& network, PopulationId id, const ChipDescription& chip) {
  const Population& population = network.population(id);
  if (population.model == NeuronModel::activation) return table_bits(population);
  if (population.model == NeuronModel::softmax_attention) {
    return operand_bits(network, id) + population.attention.fraction_bits;
  }
  return chip.format.payload_bits;
}

std::int64_t bits_per_synapse(const Network& network, const Projection& projection,
                              const ChipDescription& chip) {
  const std::int64_t variants = projection.per_time_step ? network.time_steps() : 1;
  return variants * chip.format.weight_bits;
}

CoreUse SliceNeeds::of(std::int64_t neurons) const {
  return {.neurons = neurons,
          .axons_in = shared_axons + axons * neurons,
          .synapse_memory_bits = synapse_bits * neurons,
          .attention_memory_bits = attention_bits * neurons};
}

SliceNeeds slice_needs(const Network& network, PopulationId id, const ChipDescription& chip,
                       std::uint32_t context) {
  const Population& population = network.population(id);
  SliceNeeds needs;
  std::map<PopulationId, NeuronRange> dense_sources;  // empty ranges: one-to-one only
  for (const ProjectionId incoming : network.incoming(id)) {
    const Projection& projection = network.projection(incoming);
    NeuronRange& range = dense_sources[projection.source];
    if (projection.connectivity != Connectivity::dense) continue;
    range.include({projection.source_begin, projection.source_end});
    needs.synapse_bits += (projection.source_end - projection.source_begin) *
                          bits_per_synapse(network, projection, chip);
  }
  for (const auto& [source, range] : dense_sources) {
    if (range.size() > 0) {
      needs.shared_axons += range.size();
    } else {
      ++needs.axons;
    }
  }
  needs.smallest = undivided_neurons(population);
  if (attends(population.model)) {
    needs.attention_bits = attention_bits_per_neuron(network, id, chip, context);
  }
  return needs;
}

CoreUse core_capacity(const ChipDescription& chip) {
  return {.neurons = chip.neurocore.neurons,
          .axons_in = chip.neurocore.axons_in,
          .synapse_memory_bits = chip.neurocore.synapse_memory_bits,
          .attention_memory_bits = chip.attention.memory_bits};
}

bool fits(const CoreUse& used, const CoreUse& more, const CoreUse& capacity) {
  return used.neurons + more.neurons <= capacity.neurons &&
         used.axons_in + more.axons_in <= capacity.axons_in &&
         used.synapse_memory_bits + more.synapse_memory_bits <= capacity.synapse_memory_bits &&
         used.attention_memory_bits + more.attention_memory_bits <= capacity.attention_memory_bits;
}

}  // namespace synfire
