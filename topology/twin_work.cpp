// SPDX-License-Identifier: Apache-2.0
#include "topology/twin_work.hpp"

#include <algorithm>
#include <bit>

#include "neurons/attention_work.hpp"

namespace synfire {
namespace {

bool is_dense_sum(const Network& network, const Projection& projection) {
  return projection.connectivity == Connectivity::dense &&
         network.population(projection.source).model != NeuronModel::input;
}

bool is_partial_sum(const Network& network, PopulationId id) {
  const std::string& name = network.population(id).name;
  return whole_of(name) != name;
}

/// The population's own sums come from a dense projection, perhaps in parts, not straight from the
/// input.
bool has_dense_sums(const Network& network, PopulationId id) {
  return std::ranges::any_of(network.incoming(id), [&](ProjectionId incoming) {
    const Projection& projection = network.projection(incoming);
    return is_dense_sum(network, projection) || (is_partial_sum(network, projection.source) &&
                                                 has_dense_sums(network, projection.source));
  });
}

/// The same, or those of a normalization population that it follows.
bool follows_dense_sums(const Network& network, PopulationId id) {
  if (has_dense_sums(network, id)) return true;
  return std::ranges::any_of(network.incoming(id), [&](ProjectionId projection) {
    const PopulationId source = network.projection(projection).source;
    return network.population(source).model == NeuronModel::normalization &&
           has_dense_sums(network, source);
  });
}

bool feeds_dense_projection(const Network& network, PopulationId id) {
  return std::ranges::any_of(network.outgoing(id), [&](ProjectionId projection) {
    return network.projection(projection).connectivity == Connectivity::dense;
  });
}

/// Bits of an entry of the state S when operands count to T: an entry grows by up to T^2 a token.
std::int64_t entry_bits(const AttentionParameters& parameters, std::uint32_t context,
                        std::uint32_t time_steps) {
  const std::uint32_t growth = time_steps * time_steps;
  if (parameters.kind == AttentionKind::published) {
    return attention_entry_bits(parameters, context * growth);
  }
  return attention_entry_bits(parameters, context) + std::bit_width(growth - 1);
}

}  // namespace

TwinRules::TwinRules(const Network& network, TwinKind kind, const ChipDescription& chip,
                     std::uint32_t context)
    : network_(network),
      kind_(kind),
      realisation_(chip.attention.realisation),
      bits_(synfire::activation_bits(kind, network.time_steps())),
      payload_bits_(chip.format.payload_bits),
      context_(context) {
  for (std::uint32_t i = 0; i < network.populations().size(); ++i) {
    functions_.push_back(kind == TwinKind::artificial ? functions_a_neuron(PopulationId{i}) : 0);
  }
}

std::int64_t TwinRules::value_bits(PopulationId population) const {
  const NeuronModel model = network_.population(population).model;
  return is_graded(model) || model == NeuronModel::readout ? payload_bits_ : bits_;
}

std::int64_t TwinRules::functions_a_neuron(PopulationId id) const {
  if (is_partial_sum(network_, id)) return 0;  // the whole is normalised and activated, once
  const NeuronModel model = network_.population(id).model;
  const bool is_normalised = model != NeuronModel::readout && has_dense_sums(network_, id);
  const bool is_activated = !is_graded(model) && model != NeuronModel::attention &&
                            follows_dense_sums(network_, id) &&
                            feeds_dense_projection(network_, id);
  return std::int64_t{is_normalised} + std::int64_t{is_activated};
}

TwinWork TwinRules::work(const PopulationSlice& slice, std::uint32_t position) const {
  const NeuronModel model = network_.population(slice.population).model;
  const std::int64_t neurons = slice.size();
  TwinWork work;
  work.updates = neurons;
  work.functions = neurons * functions_[index(slice.population)];
  if (kind_ == TwinKind::quantised) {
    work.accesses = neurons;
    work.multiplications = model == NeuronModel::normalization ? neurons : 0;
  }
  if (model == NeuronModel::attention) add_attention(slice, position, work);
  return work;
}

void TwinRules::add_attention(const PopulationSlice& slice, std::uint32_t position,
                              TwinWork& work) const {
  const Population& population = network_.population(slice.population);
  const AttentionParameters& attention = population.attention;
  const std::int64_t neurons = slice.size();
  const std::int64_t dimension = population.size / attention.heads;
  const bool is_leaky = attention.kind == AttentionKind::leaky;
  if (kind_ == TwinKind::quantised && (is_leaky || realisation_ == AttentionRealisation::state)) {
    const std::int64_t entries = neurons * dimension;
    work.attention_products = 2 * entries;
    work.decays = is_leaky ? entries : 0;
    work.memory_bits = entry_bits(attention, context_, network_.time_steps()) *
                       (2 * entries + entries + 2 * work.decays);
    return;
  }
  const std::int64_t tokens = std::int64_t{position} + 1;
  work.attention_products = 2 * tokens * neurons;
  work.memory_bits = bits_ * (2 * tokens * neurons + 2 * neurons);
  if (kind_ == TwinKind::artificial) work.functions += neurons / dimension * (tokens + 1);
}

}  // namespace synfire
