// SPDX-License-Identifier: Apache-2.0
#include "tests/support/chip_run.hpp"

#include <algorithm>

#include "models/text_encoding.hpp"
#include "neurons/network_reference.hpp"

namespace synfire::test {

void append_spikes(const NetworkReference& reference, const Network& network, std::uint32_t token,
                   std::vector<SpikeKey>& spikes) {
  for (std::uint16_t step = 0; step < network.time_steps(); ++step) {
    for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
      for (const std::uint32_t neuron : reference.spikes(PopulationId{p}, step)) {
        spikes.emplace_back(token, step, p, neuron);
      }
    }
  }
}

ReferenceRun run_reference(const Model& model, std::span<const Token> tokens) {
  NetworkReference reference(model.network, model.text.context);
  ReferenceRun result;
  for (std::uint32_t n = 0; n < tokens.size(); ++n) {
    const auto logits = reference.run_token(input_spikes(model.text, tokens.first(n + 1)));
    result.logits.emplace_back(logits.begin(), logits.end());
    append_spikes(reference, model.network, n, result.spikes);
  }
  std::ranges::sort(result.spikes);
  return result;
}

ChipRun run_chip(const Model& model, const ChipDescription& chip, const Mapping& mapping,
                 std::span<const Token> tokens, SimulationOptions options) {
  ChipRun run;
  options.context = model.text.context;
  ChipSimulation simulation(model.network, chip, mapping, options, run.probe);
  for (std::uint32_t n = 0; n < tokens.size(); ++n) {
    simulation.push_token(input_spikes(model.text, tokens.first(n + 1)));
    if (n >= tokens.size() / 2) simulation.run_until_readout(n);
  }
  simulation.drain();
  run.totals = simulation.totals();
  for (const auto& token : run.probe.tokens) run.logits.push_back(token.logits);
  return run;
}

}  // namespace synfire::test
