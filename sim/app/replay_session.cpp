// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/recorder.hpp"
#include "analysis/replay.hpp"
#include "analysis/summary.hpp"
#include "sim/app/chip_summary.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/generation_display.hpp"
#include "sim/app/planned_chip.hpp"
#include "sim/app/replay_options.hpp"
#include "sim/app/support.hpp"
#include "topology/fan_in.hpp"
#include "topology/price_table.hpp"
#include "topology/topologies.hpp"

namespace synfire::app {
namespace {

/// Chip and mapping as they were.
PlannedChip recorded_chip(const Recording& recording, const Model& model) {
  ChipDescription chip = recording.chip();
  RouterGraph graph = build_graph(chip);
  Network network = split_fan_in(model.network, chip);
  Mapping mapping{{recording.slices().begin(), recording.slices().end()}, {}};
  mapping.cores = core_uses(network, chip, model.context(), mapping.slices, graph.core_count());
  std::optional<FaultSummary> faults;
  if (const auto injected = recording.faults()) faults = FaultSummary{chip.faults, *injected};
  return {std::move(chip), std::move(graph), std::move(mapping), std::move(network),
          std::move(faults)};
}

[[noreturn]] void refuse_faults(const std::string& place, const std::string& fact) {
  throw ConfigError(place, fact +
                               ", so what fires depends on chip and mapping, and the recorded "
                               "spikes are not those of another; run it there instead");
}

/// The chip that the arguments name, or the recording's.
PlannedChip planned_chip(const ReplayArguments& arguments, const Recording& recording,
                         const Model& model) {
  const bool is_own_chip =
      arguments.chip.empty() && arguments.overrides.empty() && !arguments.is_mapped_anew;
  PlannedChip chip = [&] {
    if (is_own_chip) return recorded_chip(recording, model);
    const ChipDescription recorded = recording.chip();
    if (recorded.faults.any()) refuse_faults("recording", "had faults");
    ChipDescription description =
        arguments.chip.empty()
            ? parse_chip(recording.chip_yaml(), recording.chip_name(), arguments.overrides,
                         {.folder = {}, .graphml = recorded.grid.graphml})
            : load_chip(arguments.chip, arguments.overrides);
    if (description.faults.any()) refuse_faults("faults", "are set on the chip");
    MappedNetwork mapped = map_model(model, description, arguments.mapping);
    RouterGraph graph = build_graph(description);
    return PlannedChip{std::move(description), std::move(graph), std::move(mapped.mapping),
                       std::move(mapped.network), std::nullopt};
  }();
  if (!arguments.prices.empty()) {
    chip.description = with_prices(std::move(chip.description), load_price_table(arguments.prices));
  }
  return chip;
}

/// Meters of the summary and, if there is one, a recorder, which gets the logits of the run.
class ReplayProbe final : public Probe {
 public:
  ReplayProbe(const PlannedChip& chip, const Recording& recording, Recorder* recorder)
      : latency_(chip.network, chip.mapping), recording_(recording), recorder_(recorder) {}

  void on_spikes(std::span<const SpikeRecord> spikes) override {
    if (recorder_ != nullptr) recorder_->on_spikes(spikes);
  }
  void on_steps(std::span<const StepRecord> steps) override {
    latency_.on_steps(steps);
    if (recorder_ != nullptr) recorder_->on_steps(steps);
  }
  void on_potentials(const PotentialRecord& /*potentials*/) override {}
  void on_token(const TokenRecord& token) override {
    latency_.on_token(token);
    if (recorder_ == nullptr) return;
    TokenRecord recorded = token;
    const std::vector<std::int32_t> logits = recording_.logits(token.token, 1);
    recorded.logits = logits;
    recorder_->on_token(recorded);
    note_actions();
  }

  void watch(const ChipSimulation& simulation, std::uint32_t handed_in) {
    simulation_ = &simulation;
    handed_in_ = handed_in;
  }
  void name_token(const PushedToken& pushed) {
    if (recorder_ == nullptr) return;
    note_actions();
    handed_in_ = pushed.index + 1;
    recorder_->name_token(pushed.index, {pushed.token, pushed.position, pushed.is_given});
  }
  LatencyReport latency() const { return latency_.report(); }

 private:
  /// As a run does, whenever a token is handed in or has reached the host.
  void note_actions() { recorder_->note_actions(handed_in_, simulation_->totals()); }

  LatencyMeter latency_;
  const Recording& recording_;
  Recorder* recorder_;
  const ChipSimulation* simulation_ = nullptr;
  std::uint32_t handed_in_ = 0;
};

/// Arguments of the recorded run, and that this is no run.
std::vector<RecordedValue> recorded_arguments(const Recording& recording) {
  std::vector<RecordedValue> values{{"replayed", std::int64_t{1}}};
  if (recording.has_run_value("presentations")) {
    values.push_back({"presentations", recording.run_integer("presentations")});
    return values;
  }
  for (const char* name : {"prompt", "at_context"}) {
    values.push_back({name, recording.run_text(name)});
  }
  for (const char* name : {"tokens", "seed"}) {
    values.push_back({name, recording.run_integer(name)});
  }
  values.push_back({"temperature", recording.run_real("temperature")});
  return values;
}

std::unique_ptr<Recorder> make_recorder(const ReplayArguments& arguments, const PlannedChip& chip,
                                        const Recording& recording) {
  if (arguments.out.empty()) return nullptr;
  std::optional<InjectedFaults> injected;
  if (chip.faults) injected = chip.faults->injected;
  return std::make_unique<Recorder>(
      arguments.out,
      RunDescription{.network = chip.network,
                     .chip = chip.description,
                     .mapping = chip.mapping,
                     .model_identity = recording.model_identity(),
                     .model_path = recording.model_path(),
                     .alphabet = recording.alphabet(),
                     .run = recorded_arguments(recording),
                     .provenance = {{"version", std::string(SYNFIRE_VERSION)}},
                     .volatile_provenance = {{"command_line", command_line()},
                                             {"date", utc_date()},
                                             {"replay_of", recording.path().string()}},
                     .potentials = {},
                     .faults = injected});
}

/// Text and tokens of the recorded run.
void add_input(RunSummary& summary, const Recording& recording, const RunScript& script) {
  summary.model = recording.model_path();
  summary.arithmetic = recording.arithmetic_account();
  summary.time_steps = recording.time_steps();
  summary.presentations = static_cast<std::uint32_t>(script.presentations.size());
  if (script.pushed.empty()) return;
  summary.text = recording.run_text("text");
  summary.prompt_tokens = static_cast<std::uint32_t>(recording.run_text("prompt").size());
  summary.generated_tokens =
      static_cast<std::uint32_t>(summary.text.size()) - summary.prompt_tokens;
  // The last generated character is never handed to the chip.
  const std::size_t new_tokens = summary.text.size() - (summary.generated_tokens > 0 ? 1 : 0);
  summary.reingested_tokens = static_cast<std::uint32_t>(script.pushed.size() - new_tokens);
}

void check_outputs(const ReplayArguments& arguments, const std::string& model) {
  const std::vector<std::string> inputs{
      arguments.recording,       model,           arguments.chip, arguments.mapping.mapping,
      arguments.mapping.traffic, arguments.prices};
  for (const std::string& output : {arguments.out, arguments.json}) {
    check_writable(output);
    check_distinct(output, inputs);
  }
  check_distinct(arguments.json, {arguments.out});
}

void finish_recording(Recorder& recorder, const RunSummary& summary, std::uint32_t tokens) {
  recorder.note_actions(tokens, summary.totals);
  std::vector<RecordedValue> run;
  if (summary.presentations == 0) run.push_back({"text", summary.text});
  recorder.finish({.totals = summary.totals,
                   .accounts = {summary.energy, summary.arithmetic},
                   .run = std::move(run),
                   .volatile_provenance = {{"wall_time", summary.wall_seconds, "s"},
                                           {"peak_memory", summary.peak_memory_bytes, "B"}}});
}

RunSummary replayed(const Recording& recording, const Model& model, const PlannedChip& chip,
                    const ReplayArguments& arguments) {
  const Stopwatch stopwatch;
  const std::unique_ptr<Recorder> recorder = make_recorder(arguments, chip, recording);
  const RunScript script = recorded_script(recording, model);
  ReplayProbe probe(chip, recording, recorder.get());
  GenerationDisplay display(GenerationDisplay::Text::hidden, arguments.quiet);
  ReplayOptions options{.context = model.context()};
  options.before_push = [&](const PushedToken& pushed) {
    display.show_progress(
        fmt::format("replaying: token {} of {}", pushed.index, script.pushed.size()));
    probe.name_token(pushed);
  };
  options.on_start = [&](const ChipSimulation& simulation) {
    probe.watch(simulation, static_cast<std::uint32_t>(script.presentations.size()));
  };
  if (recorder != nullptr) {
    for (std::uint32_t i = 0; i < script.presentations.size(); ++i) {
      recorder->name_token(i, {.id = unnamed_token, .position = i, .is_given = true});
    }
  }
  const SimulationTotals totals =
      replay(script, chip.network, chip.description, chip.mapping, probe, options);
  display.finish();
  RunSummary summary = chip_summary(
      chip, totals, price(totals, chip.network, chip.mapping, chip.description), probe.latency());
  add_input(summary, recording, script);
  summary.wall_seconds = stopwatch.seconds();
  summary.peak_memory_bytes = peak_memory_bytes();
  if (recorder != nullptr) {
    const std::size_t tokens = script.pushed.size() + script.presentations.size();
    finish_recording(*recorder, summary, static_cast<std::uint32_t>(tokens));
  }
  return summary;
}

}  // namespace

int replay_recording(const ReplayArguments& arguments) {
  const Recording recording(arguments.recording);
  const std::string model_file =
      find_model(arguments.model.empty() ? recording.model_path() : arguments.model).string();
  check_outputs(arguments, model_file);
  const Model model = read_model(model_file);
  const PlannedChip chip = planned_chip(arguments, recording, model);
  const RunSummary summary = replayed(recording, model, chip, arguments);
  if (!arguments.quiet && arguments.json != "-") write_text("-", to_table(summary));
  if (!arguments.json.empty()) write_text(arguments.json, to_json(summary));
  return success;
}

}  // namespace synfire::app
