// SPDX-License-Identifier: Apache-2.0

// How many tokens a second does the shipped decoder take: on the default chip with all its spikes
// recorded, and by the dense references without a chip?

#include <optional>
#include <vector>

#include <benchmark/benchmark.h>

#include "analysis/recorder.hpp"
#include "models/chip_runner.hpp"
#include "models/generation.hpp"
#include "models/prompt.hpp"
#include "models/spikedecoder/extraction.hpp"
#include "models/spikedecoder/sequence_reference.hpp"
#include "models/text_encoding.hpp"
#include "neurons/network_reference.hpp"
#include "tests/bench/work_counters.hpp"
#include "tests/support/reference_runner.hpp"
#include "tests/support/temporary_folder.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire::bench {
namespace {

constexpr std::uint32_t tokens = 256;          // prompt included: one context
constexpr std::uint32_t sequence_tokens = 32;  // the naive loops are slow

Model shipped_decoder() {
  return read_model(SYNFIRE_SOURCE_FOLDER "/models/pretrained/moby-dick.h5");
}

std::vector<Token> prompt_of(const Model& model) {
  return encode_prompt(Tokenizer(model.text.alphabet), "call me ishmael. ");
}

/// Generates until the context is full.
void generate(const Model& model, TokenRunner& runner) {
  const std::vector<Token> prompt = prompt_of(model);
  const auto count = tokens - static_cast<std::uint32_t>(prompt.size());
  Generator generator(model.text, runner, {.tokens = count, .at_context = AtContext::stop});
  benchmark::DoNotOptimize(generator.run(prompt).text.data());
}

/// One iteration is the 256 tokens, from the first push until the recording is finished.
void record(benchmark::State& state) {
  const Model model = shipped_decoder();
  const ChipDescription chip = load_chip("loihi-like");
  const Mapping mapping = map_network(model.network, chip, model.text.context);
  const test::TemporaryFolder folder;
  Work work;
  for (auto _ : state) {
    state.PauseTiming();
    std::optional<Recorder> recorder(std::in_place, folder / "run.h5",
                                     RunDescription{.network = model.network,
                                                    .chip = chip,
                                                    .mapping = mapping,
                                                    .alphabet = model.text.alphabet});
    ChipSimulation simulation(model.network, chip, mapping, {.context = model.text.context},
                              *recorder);
    ChipRunner runner(simulation);
    state.ResumeTiming();
    generate(model, runner);
    simulation.drain();
    recorder->finish({.totals = simulation.totals()});
    work = work + work_of(simulation.totals(), tokens);
  }
  report_work(state, work);
}

void evaluate_densely(benchmark::State& state) {
  const Model model = shipped_decoder();
  Work work;
  for (auto _ : state) {
    test::ReferenceRunner runner(model);
    generate(model, runner);
    work.tokens += tokens;
  }
  report_work(state, work);
}

/// The naive equations over whole sequences, which all else is tested against.
void evaluate_sequence(benchmark::State& state) {
  const Model model = shipped_decoder();
  const DecoderParameters parameters = decoder_parameters(model);
  std::vector<Token> text = prompt_of(model);
  text.resize(sequence_tokens, text.front());
  const auto spikes = sequence_input_spikes(model.text, text);
  Work work;
  for (auto _ : state) {
    benchmark::DoNotOptimize(run_sequence(parameters, spikes).logits.data());
    work.tokens += sequence_tokens;
  }
  report_work(state, work);
}

BENCHMARK(record)
    ->Name("shipped/loihi_like_recorded")
    ->UseRealTime()
    ->MeasureProcessCPUTime()  // the recorder's thread, too
    ->Unit(benchmark::kMillisecond);
BENCHMARK(evaluate_densely)
    ->Name("shipped/dense_reference")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(evaluate_sequence)
    ->Name("shipped/sequence_reference")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace synfire::bench
