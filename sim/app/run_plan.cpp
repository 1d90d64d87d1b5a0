// SPDX-License-Identifier: Apache-2.0
#include "sim/app/run_plan.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <utility>

#include "models/prompt.hpp"
#include "models/sampler.hpp"
#include "models/token_replay.hpp"
#include "sim/app/record_request.hpp"
#include "sim/app/support.hpp"
#include "sim/error.hpp"
#include "topology/board_share.hpp"
#include "topology/ranked_simulation.hpp"

namespace synfire::app {
namespace {

SimulationOptions simulation_options(const RunOptions& options, const Model& model) {
  SimulationOptions result;
  result.threads =
      static_cast<std::uint32_t>(checked_count("--threads", options.threads, 1, most_threads));
  result.context = model.context();
  if (options.queue != "radix" && options.queue != "heap") {
    throw ConfigError("--queue", "'" + options.queue + "' is unknown; use radix or heap");
  }
  result.queue = options.queue == "heap" ? QueueKind::binary_heap : QueueKind::radix_heap;
  for (const std::string& record : options.records) {
    if (record == "packets") {
      result.packets = true;
      continue;
    }
    const auto request = parse_record_request(record, model.network);
    for (const auto& other : result.potentials) {
      if (other.population == request.population && request.begin < other.end &&
          other.begin < request.end) {
        throw ConfigError("--record", "'" + record + "' overlaps an earlier range; join the two");
      }
    }
    result.potentials.push_back(request);
  }
  return result;
}

GenerationOptions generation_options(const RunOptions& options) {
  GenerationOptions result;
  result.tokens = static_cast<std::uint32_t>(checked_count("--tokens", options.tokens, 0));
  result.seed = static_cast<std::uint64_t>(
      checked_count("--seed", options.seed, 0, std::numeric_limits<std::int64_t>::max()));
  result.temperature = options.temperature;
  result.at_context = at_context_from_string(options.at_context);
  return result;
}

/// Kinds of twins to compare with, each once.
std::vector<TwinKind> twin_kinds(const RunOptions& options, const PlannedChip& chip) {
  std::vector<TwinKind> kinds;
  for (const std::string& name : options.compare) {
    const TwinKind kind = twin_kind_from_string(name);
    if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(kind);
  }
  if (kinds.empty()) return kinds;
  require_twins(chip.network);
  require_dense_numbers(chip.description);
  return kinds;
}

/// Prompt as tokens, with the checks that generation would make only after it has begun.
std::vector<Token> checked_prompt(const RunOptions& options, const TextInterface& text) {
  static_cast<void>(Sampler(text.logit_scale, options.temperature, 0));
  std::vector<Token> prompt = encode_prompt(Tokenizer(text.alphabet), options.prompt);
  if (prompt.size() <= text.context) return prompt;
  throw ConfigError("prompt", std::to_string(prompt.size()) + " " +
                                  std::string(to_string(text.alphabet.level())) +
                                  "s do not fit the " + std::to_string(text.context) +
                                  " of the trained context; shorten it");
}

/// The model has something to run on, and nothing is asked of a text that it does not read.
void check_input(const RunOptions& options, const Model& model) {
  if (!model.stimulus) return require_text(model, options.model);
  if (options.text_options.empty()) return;
  throw ConfigError(options.text_options.front(),
                    "is about text, but " + options.model +
                        " reads none: it is run on its own input spikes; leave the option out");
}

/// Whether threads share the tokens of the run. Says on standard error if it cannot be as asked.
bool replays_tokens(const RunOptions& options, const Model& model, const PlannedChip& chip) {
  if (options.parallel == "cores") return false;
  if (options.parallel != "tokens") {
    throw ConfigError("--parallel",
                      "'" + options.parallel + "' is unknown; use one of cores, tokens");
  }
  const std::string obstacle = model.stimulus
                                   ? "presentations overlap on the chip"
                                   : TokenReplay::obstacle(chip.network, chip.description);
  if (!obstacle.empty()) {
    std::fputs(("run: --parallel tokens: " + obstacle + "; goes on with cores\n").c_str(), stderr);
  }
  return obstacle.empty();
}

std::vector<RecordedValue> recorded_arguments(const RunPlan& plan, const RunOptions& options) {
  if (plan.model.stimulus) return {{"presentations", std::int64_t{plan.model.presentations()}}};
  return {{"prompt", plan.model.text.alphabet.text(plan.prompt)},
          {"tokens", std::int64_t{plan.generation.tokens}},
          {"temperature", plan.generation.temperature},
          {"seed", static_cast<std::int64_t>(plan.generation.seed)},
          {"at_context", options.at_context}};
}

}  // namespace

RunPlan plan_run(const RunOptions& options) {
  GenerationOptions generation = generation_options(options);
  if (!options.records.empty() && options.out.empty()) {
    throw ConfigError("--record", "asks for a recording, but --out names no file; add --out FILE");
  }
  if (!options.mapping.traffic.empty() && options.mapping.placement == "linear" &&
      !options.dry_run) {
    throw ConfigError("--traffic",
                      "changes nothing without a placement that asks for it; add --placement "
                      "annealing, or --dry-run");
  }
  check_writable(options.json);
  check_writable(options.out);
  const std::filesystem::path model_file = find_model(options.model);
  const std::vector<std::string> inputs{model_file.string(), options.chip, options.mapping.mapping,
                                        options.mapping.traffic};
  check_distinct(options.out, inputs);
  check_distinct(options.json, inputs);
  check_distinct(options.json, {options.out});
  Model model = read_model(model_file);
  check_input(options, model);
  std::vector<Token> prompt;
  if (model.has_text()) prompt = checked_prompt(options, model.text);
  PlannedChip chip = plan_chip(model, options.chip, options.overrides, options.mapping);
  SimulationOptions simulation = simulation_options(options, model);
  std::vector<TwinKind> twins = twin_kinds(options, chip);
  const bool replays = replays_tokens(options, model, chip);
  return {std::move(model),
          std::move(chip),
          std::move(prompt),
          generation,
          std::move(simulation),
          std::move(twins),
          replays,
          {},
          {}};
}

void keep_share(RunPlan& plan, std::uint32_t rank, std::uint32_t ranks) {
  PlannedChip& chip = plan.chip;
  std::string obstacle = obstacle_to_ranks(chip.network, chip.description, plan.simulation);
  if (plan.replays_tokens) obstacle = "--parallel tokens shares tokens among threads of one rank";
  if (!obstacle.empty()) {
    throw ConfigError("ranks", obstacle + "; start it without mpirun, or with one rank");
  }
  plan.rank_of_router = share_board(chip.network, chip.description, chip.mapping, ranks);
  plan.chips_of_rank = chips_per_rank(chips_of(chip.graph), plan.rank_of_router, ranks);
  free_weights_elsewhere(chip.network, chip.mapping, chip.graph, plan.rank_of_router, rank);
  for (std::uint32_t i = 0; i < plan.model.network.projections().size(); ++i) {
    plan.model.network.free_weights(ProjectionId{i});  // only the chip's are used
  }
}

std::unique_ptr<Recorder> make_recorder(const RunPlan& plan, const RunOptions& options) {
  if (options.out.empty()) return nullptr;
  std::optional<InjectedFaults> injected;
  if (plan.chip.faults) injected = plan.chip.faults->injected;
  return std::make_unique<Recorder>(
      options.out,
      RunDescription{
          .network = plan.chip.network,
          .chip = plan.chip.description,
          .mapping = plan.chip.mapping,
          .model_identity = plan.model.identity,
          .model_path = options.model,
          .alphabet = plan.model.text.alphabet,
          .run = recorded_arguments(plan, options),
          .provenance = {{"version", std::string(SYNFIRE_VERSION)}},
          .volatile_provenance = {{"command_line", command_line()},
                                  {"date", utc_date()},
                                  {"threads", options.threads},
                                  {"parallel", plan.replays_tokens ? "tokens" : "cores"}},
          .potentials = plan.simulation.potentials,
          .faults = injected,
          .packets = plan.simulation.packets});
}

}  // namespace synfire::app
