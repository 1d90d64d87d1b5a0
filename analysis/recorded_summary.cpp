// SPDX-License-Identifier: Apache-2.0
#include "analysis/recorded_summary.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/layers.hpp"
#include "models/tokenizer.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t rows_at_a_time = std::uint64_t{1} << 18U;

/// As much of the populations as the meters ask for.
std::vector<Population> outline(const Recording& recording) {
  std::vector<Population> populations;
  for (const RecordedPopulation& recorded : recording.populations()) {
    Population population;
    population.name = recorded.name;
    population.size = recorded.size;
    population.model = recorded.model;
    populations.push_back(std::move(population));
  }
  return populations;
}

/// Steps come first, so nothing of a token is missing when it ends.
LatencyReport recorded_latency(const Recording& recording, std::span<const std::string> layers,
                               std::span<const RecordedToken> tokens) {
  LatencyMeter meter(layers, recording.slices());
  const std::uint64_t rows = recording.step_count();
  for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
    meter.on_steps(recording.steps(first, std::min(rows_at_a_time, rows - first)));
  }
  for (const RecordedToken& token : tokens) {
    meter.on_token({token.token, token.injected, token.finished, {}});
  }
  return meter.report();
}

/// Text and the tokens it is made of, or the presentations of a stimulus.
void add_input(RunSummary& summary, const Recording& recording,
               std::span<const RecordedToken> tokens) {
  if (recording.has_run_value("presentations")) {
    summary.presentations = static_cast<std::uint32_t>(recording.run_integer("presentations"));
    summary.time_steps = recording.time_steps();
  }
  if (!recording.has_run_value("prompt") || !recording.has_run_value("text")) return;
  summary.text = recording.run_text("text");
  const TextLevel level = recording.alphabet().level();
  const std::size_t all = count_symbols(level, summary.text);
  const std::size_t prompt = std::min(count_symbols(level, recording.run_text("prompt")), all);
  summary.prompt_tokens = static_cast<std::uint32_t>(prompt);
  summary.generated_tokens = static_cast<std::uint32_t>(all - prompt);
  const auto given =
      static_cast<std::size_t>(std::ranges::count(tokens, true, &RecordedToken::is_given));
  summary.reingested_tokens = static_cast<std::uint32_t>(std::max(given, prompt) - prompt);
}

}  // namespace

std::optional<RunSummary> recorded_summary(const Recording& recording) {
  std::optional<SimulationTotals> totals = recording.totals();
  if (!totals) return std::nullopt;
  const ChipDescription chip = recording.chip();
  const std::vector<Population> populations = outline(recording);
  std::vector<std::string> names;
  names.reserve(populations.size());
  for (const Population& population : populations) names.push_back(population.name);
  const std::vector<RecordedToken> tokens = recording.tokens();
  RunSummary summary;
  summary.model = recording.model_path();
  summary.chip = recording.chip_name();
  summary.operating_point = chip.operating_point;
  add_input(summary, recording, tokens);
  summary.neurocores = used_neurocores(recording.slices());
  summary.is_complete = recording.is_complete();
  summary.totals = *std::move(totals);
  summary.energy = price(summary.totals, names, recording.slices(), chip);
  summary.arithmetic = recording.arithmetic_account();
  summary.latency = recorded_latency(recording, layers_of(names), tokens);
  summary.traffic = traffic_report(summary.totals, build_graph(chip), chip);
  if (const auto faults = recording.faults()) summary.faults = FaultSummary{chip.faults, *faults};
  summary.sparsity = sparsity(populations, recording.time_steps(), summary.totals,
                              static_cast<std::uint32_t>(tokens.size()));
  summary.assumed = assumed_numbers(chip);
  return summary;
}

}  // namespace synfire
