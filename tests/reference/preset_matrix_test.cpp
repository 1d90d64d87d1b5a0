// SPDX-License-Identifier: Apache-2.0
// Invariant I1 on every shipped preset: 64 tokens, each realisation of attention, both
// synchronisations, three core sizes, one and two threads.
#include <catch2/catch.hpp>

#include "tests/support/chip_run.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

struct Form {
  AttentionKind kind;
  const char* realisation;
};

DecoderArchitecture shape(AttentionKind kind) {
  DecoderArchitecture architecture = all_spiking(random_architecture(base_seed()));
  architecture.time_steps = 4;
  architecture.blocks = 2;
  architecture.embedding = 32;
  architecture.heads = 2;
  architecture.hidden = 128;
  architecture.context = 64;
  architecture.attention = kind;
  architecture.fraction_bits = kind == AttentionKind::leaky ? 12 : 0;
  return architecture;
}

}  // namespace

TEST_CASE(
    "I1: 64 tokens are identical on every preset, realisation, synchronisation and core size") {
  const auto [kind, realisation] =
      GENERATE(Form{AttentionKind::published, "score"}, Form{AttentionKind::published, "state"},
               Form{AttentionKind::leaky, "state"});
  const Model model = random_decoder(base_seed(), shape(kind)).model;
  const auto tokens = random_tokens(base_seed(), model.text.alphabet.size(), 64);
  const ReferenceRun expected = run_reference(model, tokens);
  for (const std::string& preset : chip_preset_names()) {
    for (const std::string synchronisation : {"dataflow", "barrier"}) {
      for (const std::string neurons : {"64", "256", "1024"}) {
        INFO(preset << ' ' << realisation << ' ' << synchronisation << ' ' << neurons);
        const ChipDescription chip = load_chip(
            preset, std::vector<std::string>{"neurocore.neurons=" + neurons,
                                             "attention.realisation=" + std::string(realisation),
                                             "synchronisation.kind=" + synchronisation});
        const Mapping mapping = map_network(model.network, chip, model.text.context);
        for (const std::uint32_t threads : {1U, 2U}) {
          SimulationOptions options;
          options.threads = threads;
          const ChipRun run = run_chip(model, chip, mapping, tokens, options);
          CHECK(run.logits == expected.logits);
          CHECK(sorted_keys(run.probe.spikes) == expected.spikes);
        }
      }
    }
  }
}

}  // namespace synfire::test
