// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "models/training/recipe.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/support.hpp"
#include "sim/app/train_options.hpp"
#include "sim/app/training_progress.hpp"
#include "sim/folder_lock.hpp"

namespace synfire::app {
namespace {

using training::Outcome;
using training::Progress;
using training::Recipe;

constexpr const char* examples =
    "Examples\n"
    "  synfire train --text book.txt --out book.h5 --tokens 2000000\n"
    "  synfire train --text book.txt --checkpoint training ... (Ctrl-C), later the same with "
    "--resume\n"
    "  synfire train --text book.txt --attention none    (what attention is worth)\n"
    "  synfire train --text book.txt --spike-degree 0    (the artificial twin)\n"
    "  synfire train --text book.txt --level word --context 128 --token-code learned "
    "--token-width 96\n\n"
    "The lines printed while training: bits per character of training text and, now and then, of "
    "a\n"
    "part of the held-out text; the share of neurons that fire per time step, population by "
    "population.";

void print_firing(const std::vector<training::FiringRate>& firing) {
  for (const training::FiringRate& rate : firing) {
    fmt::print("  {:<38}{:>8.2f} %{:>10.1f} % silent\n", rate.population, 100.0 * rate.mean,
               100.0 * rate.silent);
  }
}

void print_outcome(const TrainOptions& options, const Outcome& outcome) {
  if (!outcome.complete) {
    fmt::print("stopped after {} steps{}\n", outcome.steps,
               options.checkpoint.empty() ? "" : "; go on with --resume");
    return;
  }
  const std::string bits = fmt::format("bits per {}, ", to_string(options.level));
  fmt::print("{:<40}{}\n", "parameters", outcome.parameters);
  fmt::print("{:<40}{:.4f}\n", bits + "real weights", outcome.real.bits_per_character);
  fmt::print("{:<40}{:.2f} %\n", "accuracy", 100.0 * outcome.real.accuracy);
  fmt::print("{:<40}{:.4f}\n", "  on training text", outcome.training.bits_per_character);
  const bool is_written = !options.recipe.model.empty();
  if (options.recipe.shape.is_artificial()) {
    if (is_written) {
      const char* form = options.recipe.writes_integers() ? "integers" : "bfloat16";
      fmt::print("{:<40}{:.4f}\n", bits + form, outcome.written_bits);
    }
    return;
  }
  fmt::print("{:<40}{:.4f}\n", bits + "8-bit weights", outcome.quantised.bits_per_character);
  if (is_written) {
    fmt::print("{:<40}{:.4f}\n", bits + "integers", outcome.written_bits);
  }
  if (options.recipe.shape.attention != training::Attention::none) {
    fmt::print("{:<40}{:.4f}\n", "  attention limited to the embedding", outcome.without_context);
  }
  print_firing(outcome.quantised.firing);
}

int run_train(const TrainOptions& options, const CLI::App& command) {
  const Recipe recipe = recipe_of(options, command);
  const TextLevel level = recipe.alphabet.level();
  check_writable(recipe.model.string());
  std::optional<FolderLock> lock;
  if (!options.checkpoint.empty()) lock.emplace(options.checkpoint);
  const Outcome outcome = training::train_recipe(recipe, watch_for_stop(), [&](const Progress& p) {
    if (!options.quiet) print_progress(p, level);
  });
  print_outcome(options, outcome);
  return success;
}

}  // namespace

void add_train_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<TrainOptions>();
  CLI::App* command = parser.add_subcommand("train", "Train a SpikeDecoder on a text");
  add_train_options(*command, *options);
  command->add_flag("--quiet", options->quiet, "No progress lines");
  command->footer(examples);
  command->callback([options, command, &exit_code] { exit_code = run_train(*options, *command); });
}

}  // namespace synfire::app
