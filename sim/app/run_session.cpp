// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/summary.hpp"
#include "models/chip_runner.hpp"
#include "models/generation.hpp"
#include "models/model_file.hpp"
#include "models/prompt.hpp"
#include "models/tokenizer.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/generation_display.hpp"
#include "sim/app/record_request.hpp"
#include "sim/app/run_options.hpp"
#include "sim/app/run_probe.hpp"
#include "sim/app/support.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire::app {
namespace {

/// Thrown between two tokens after Ctrl-C.
struct Interrupted {};

/// Everything that is checked before anything runs.
struct Plan {
  Model model;
  ChipDescription chip;
  Mapping mapping;
  std::vector<Token> prompt;
  GenerationOptions generation;
  SimulationOptions simulation;
};

SimulationOptions simulation_options(const RunOptions& options, const Model& model) {
  SimulationOptions result;
  result.threads = static_cast<std::uint32_t>(checked_count("--threads", options.threads, 1));
  result.context = model.text.context;
  if (options.queue != "radix" && options.queue != "heap") {
    throw ConfigError("--queue", "'" + options.queue + "' is unknown; use radix or heap");
  }
  result.queue = options.queue == "heap" ? QueueKind::binary_heap : QueueKind::radix_heap;
  for (const std::string& record : options.records) {
    result.potentials.push_back(parse_record_request(record, model.network));
  }
  return result;
}

GenerationOptions generation_options(const RunOptions& options) {
  GenerationOptions result;
  result.tokens = static_cast<std::uint32_t>(checked_count("--tokens", options.tokens, 0));
  result.seed = static_cast<std::uint64_t>(checked_count("--seed", options.seed, 0));
  result.temperature = options.temperature;
  result.at_context = at_context_from_string(options.at_context);
  return result;
}

Plan make_plan(const RunOptions& options) {
  GenerationOptions generation = generation_options(options);
  if (!options.records.empty() && options.out.empty()) {
    throw ConfigError("--record", "asks for a recording, but --out names no file; add --out FILE");
  }
  check_writable(options.json);
  check_writable(options.out);
  Model model = read_model(find_model(options.model));
  ChipDescription chip = load_chip(options.chip, options.overrides);
  std::vector<Token> prompt = encode_prompt(Tokenizer(model.text.alphabet), options.prompt);
  Mapping mapping = map_network(model.network, chip, model.text.context);
  SimulationOptions simulation = simulation_options(options, model);
  return {std::move(model),  std::move(chip), std::move(mapping),
          std::move(prompt), generation,      std::move(simulation)};
}
