// SPDX-License-Identifier: Apache-2.0
#include "topology/token_values.hpp"

#include <algorithm>
#include <utility>

namespace synfire {

TokenValueSource::TokenValueSource(const Network& network, std::uint32_t context,
                                   std::vector<PotentialRequest> potentials)
    : network_(network),
      reference_(network, context),
      potentials_(std::move(potentials)),
      values_of_(network.populations().size()) {
  for (const Projection& projection : network.projections()) {
    if (projection.port == Port::value) values_of_[index(projection.target)] = projection.source;
  }
  past_.value_spikes.resize(values_of_.size());
  clear_context();
}

TokenValues TokenValueSource::run_token(std::span<const std::uint32_t> input_spikes,
                                        SpikeTable& spikes) {
  const std::uint32_t steps = network_.time_steps();
  TokenValues values;
  values.input_spikes.assign(input_spikes.begin(), input_spikes.end());
  const auto logits = reference_.run_token(input_spikes);
  values.logits.assign(logits.begin(), logits.end());
  for (std::uint32_t p = 0; p < network_.populations().size(); ++p) {
    for (std::uint32_t step = 0; step < steps; ++step) {
      spikes.add(PopulationId{p}, past_.tokens * steps + step,
                 reference_.spikes(PopulationId{p}, step));
    }
  }
  for (const PotentialRequest& request : potentials_) {
    for (std::uint32_t step = 0; step < steps; ++step) {
      const auto wanted = reference_.potentials(request.population, step)
                              .subspan(request.begin, request.end - request.begin);
      values.potentials.emplace_back(wanted.begin(), wanted.end());
    }
  }
  note_values();
  return values;
}

/// Adds the last token to the past of the next one.
void TokenValueSource::note_values() {
  ++past_.tokens;
  ++past_.context_tokens;
  for (std::uint32_t p = 0; p < values_of_.size(); ++p) {
    if (!values_of_[p]) continue;
    const Population& population = network_.populations()[p];
    const std::uint32_t heads = population.attention.heads;
    const std::uint32_t d = population.size / heads;
    for (std::uint32_t step = 0; step < network_.time_steps(); ++step) {
      for (const std::uint32_t neuron : reference_.spikes(*values_of_[p], step)) {
        ++past_.value_spikes[p][step * heads + neuron / d];
      }
    }
  }
}

void TokenValueSource::clear_context() {
  reference_.reset();
  past_.context_tokens = 0;
  for (std::uint32_t p = 0; p < values_of_.size(); ++p) {
    const std::size_t heads = network_.populations()[p].attention.heads;
    if (values_of_[p]) past_.value_spikes[p].assign(heads * network_.time_steps(), 0);
  }
}

}  // namespace synfire
