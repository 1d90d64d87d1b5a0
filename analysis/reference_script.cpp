// SPDX-License-Identifier: Apache-2.0
#include "analysis/reference_script.hpp"

#include <vector>

#include "neurons/network_reference.hpp"

namespace synfire {
namespace {

/// Runs the reference and keeps who fired.
class ReferenceRunner final : public TokenRunner {
 public:
  ReferenceRunner(const Model& model, SpikeTable& fired)
      : network_(model.network), reference_(model.network, model.context()), fired_(fired) {}

  void push_token(std::span<const std::uint32_t> input_spikes) override {
    const auto logits = reference_.run_token(input_spikes);
    logits_.assign(logits.begin(), logits.end());
    note_spikes();
  }
  void push_presentation(std::span<const SpikeTrain> inputs) {
    reference_.run_presentation(inputs);
    note_spikes();
  }
  std::span<const std::int32_t> run_until_readout(std::uint32_t /*token*/) override {
    return logits_;
  }
  void clear_context() override { reference_.reset(); }

 private:
  void note_spikes() {
    std::vector<SpikeRecord> spikes;
    for (std::uint32_t i = 0; i < network_.populations().size(); ++i) {
      const PopulationId population{i};
      for (std::uint32_t step = 0; step < network_.time_steps(); ++step) {
        for (const std::uint32_t neuron : reference_.spikes(population, step)) {
          spikes.push_back({.token = token_,
                            .neuron = neuron,
                            .population = population,
                            .step = static_cast<std::uint16_t>(step)});
        }
      }
    }
    fired_.add(spikes);
    ++token_;
  }

  const Network& network_;
  NetworkReference reference_;
  SpikeTable& fired_;
  std::vector<std::int32_t> logits_;
  std::uint32_t token_ = 0;
};

}  // namespace

RunScript reference_script(const Model& model, std::span<const Token> prompt,
                           const GenerationOptions& options) {
  RunScript script(model.network);
  ReferenceRunner reference(model, script.fired);
  if (model.stimulus) {
    for (std::uint32_t i = 0; i < model.presentations(); ++i) {
      script.presentations.push_back(model.stimulus->presentation(i, model.network.time_steps()));
      reference.push_presentation(script.presentations.back());
    }
    return script;
  }
  ScriptWriter writer(script, reference);
  const GenerationObserver observer{.on_text = {}, .on_push = [&](const PushedToken& pushed) {
                                      script.pushed.push_back(pushed);
                                    }};
  Generator(model.text, writer, options, observer).run(prompt);
  return script;
}

}  // namespace synfire
