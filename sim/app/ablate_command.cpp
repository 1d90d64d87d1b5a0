// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "analysis/arithmetic.hpp"
#include "analysis/energy.hpp"
#include "analysis/summary.hpp"
#include "models/chip_evaluation.hpp"
#include "models/corpus.hpp"
#include "models/evaluation.hpp"
#include "models/tokenizer.hpp"
#include "models/training/ablation_grid.hpp"
#include "models/training/ablation_table.hpp"
#include "sim/app/ablation_energy.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/planned_chip.hpp"
#include "sim/app/support.hpp"
#include "sim/app/train_options.hpp"
#include "sim/app/training_progress.hpp"
#include "sim/error.hpp"
#include "sim/folder_lock.hpp"
#include "sim/text_file.hpp"
#include "topology/chip.hpp"

namespace synfire::app {
namespace {

using training::AblationResult;
using training::AblationRow;
using training::Outcome;
using training::Recipe;

struct AblateOptions {
  std::string grid;
  std::string text;
  std::string table;
  std::string csv;
  std::string work;
  std::string chip = "loihi-like";
  std::int64_t chip_characters = 256;
  bool measures_only = false;
  bool quiet = false;
};

constexpr const char* examples =
    "Examples\n"
    "  synfire ablate models/spikedecoder/ablations/spike_degree.yaml --text book.txt --out "
    "degree.h5 --csv degree.csv\n\n"
    "The file lists variants by options of `synfire train`, all trained alike:\n"
    "  ablation:\n"
    "    - {tokens: 5000000, width: 64, decay-shift: 1, blocks: 2, context: 64}  # common to all\n"
    "    - {row: degree, spike-degree: 0 | 1 | 2 | 3 | 4, seed: 1 | 2 | 3}       # fifteen rows\n"
    "    - {row: large, hidden: 65536, trained: no}                              # counted only\n"
    "Start it again after an interruption: finished rows are kept, the one that was being trained\n"
    "goes on from its checkpoint (--work). Finished rows without chip numbers are measured from\n"
    "theirs, without training; with --measure-only nothing else is done, and rows that a chip\n"
    "refused are tried again.";

/// A row and what it says, checked.
struct Variant {
  AblationRow row;
  Recipe recipe;
  std::string settings;  ///< the command that trains it
};

std::vector<std::string> arguments_of(const AblationRow& row) {
  std::vector<std::string> arguments;
  for (const auto& [key, value] : row.settings) {
    arguments.push_back("--" + key);
    std::size_t begin = 0;
    while (begin < value.size()) {
      const std::size_t end = std::min(value.find(' ', begin), value.size());
      if (end > begin) arguments.push_back(value.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return arguments;
}

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += " " + word;
  return line;
}

/// A name that a file can have.
std::string file_name(const std::string& row) {
  std::string name = row;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-'; },
      '_');
  return name;
}

Variant checked_variant(const AblationRow& row, const AblateOptions& options) {
  TrainOptions train;
  CLI::App parser;
  add_train_options(parser, train);
  std::vector<std::string> arguments = arguments_of(row);
  Variant variant{row, {}, {}};
  variant.settings = "synfire train --text " + text_name(options.text) + joined(arguments);
  arguments.insert(arguments.end(), {"--text", options.text});
  std::ranges::reverse(arguments);  // CLI11 takes them from the end
  try {
    parser.parse(arguments);
    variant.recipe = recipe_of(train, parser);
    check(variant.recipe);
  } catch (const CLI::ParseError& error) {
    throw ConfigError(row.place, "row '" + row.name + "'",
                      std::string(error.what()) + "; see synfire train --help");
  } catch (const ConfigError& error) {
    throw ConfigError(row.place, "row '" + row.name + "'", error.what());
  }
  return variant;
}

/// Energy and time a character that the trained model takes on a chip, on held-out text: of all
/// characters that the chip runs, those that windows repeat for their context included. Of leaky
/// attention, the paper's formula has only what such a run counts.
void measure_on_chip(AblationResult& result, const std::filesystem::path& path,
                     const AblateOptions& options) {
  const Model model = read_model(path);
  const PlannedChip chip = plan_chip(model, options.chip, {});
  const std::vector<Token> text =
      corpus_tokens(Tokenizer(model.text.alphabet), load_text(options.text), options.text);
  const HeldOutSplit split = split_held_out(text);
  const auto count = std::min<std::size_t>(split.held_out.size(),
                                           static_cast<std::size_t>(options.chip_characters));
  const ChipEvaluation run = evaluate_on_chip(model, {chip.network, chip.description, chip.mapping},
                                              split.held_out.first(count));
  std::vector<std::int64_t> windows;
  for (const ScoredWindow& window : scored_windows(count, model.text.context)) {
    windows.push_back(static_cast<std::int64_t>(window.end - window.begin));
  }
  const auto tokens = static_cast<double>(std::reduce(windows.begin(), windows.end()));
  const EnergyReport energy = price(run.totals, chip.network, chip.mapping, chip.description);
  result.chip_energy = energy.total().in_joules() / tokens;
  result.chip_time = seconds(run.totals.now - TimePoint{}) / tokens;
  if (!std::isnan(result.arithmetic_energy)) return;
  const auto account = arithmetic_account(chip.network, run.totals, 0, windows);
  if (account) result.arithmetic_energy = account->spiking / tokens;
}

AblationResult result_of(const Variant& variant, const Outcome& outcome) {
  AblationResult result;
  result.name = variant.row.name;
  result.settings = variant.settings;
  result.parameters = outcome.parameters;
  result.trained_characters =
      outcome.steps * variant.recipe.settings.batch * variant.recipe.shape.context;
  result.held_out_bits = outcome.real.bits_per_character;
  result.held_out_accuracy = outcome.real.accuracy;
  result.training_bits = outcome.training.bits_per_character;
  result.training_accuracy = outcome.training.accuracy;
  if (outcome.written_bits > 0) result.integer_bits = outcome.written_bits;
  result.arithmetic_energy = arithmetic_energy(variant.recipe.shape, outcome.real.firing);
  result.firing = outcome.real.firing;
  return result;
}

AblationResult counted(const Variant& variant) {
  AblationResult result;
  result.name = variant.row.name;
  result.settings = variant.settings;
  result.note = "not trained";
  result.parameters = count_parameters(variant.recipe);
  return result;
}

std::string line_of(const AblationResult& row) {
  if (row.trained_characters == 0) {
    return fmt::format("{:<44}{:>12} parameters  {}", row.name, row.parameters, row.note);
  }
  return fmt::format("{:<44}{:>12} parameters  held out {:.4f} bits {:.2f} %", row.name,
                     row.parameters, row.held_out_bits, 100.0 * row.held_out_accuracy);
}

std::filesystem::path folder_of(const Variant& variant, const AblateOptions& options) {
  return std::filesystem::path(options.work) / file_name(variant.row.name);
}

/// A finished row without chip numbers, of a program that had no chip form for it: its checkpoint
/// holds all that is needed to measure it now. What a chip refused is tried again only on demand.
bool can_be_measured_now(const Variant& variant, const AblationResult& result,
                         const AblateOptions& options) {
  const bool was_refused = !result.note.empty();  // by the chip, once
  return variant.row.is_trained && std::isnan(result.chip_energy) &&
         (options.measures_only || !was_refused) &&
         std::filesystem::exists(folder_of(variant, options) / checkpoint_name);
}

/// Nothing if it was interrupted.
std::optional<AblationResult> train_row(const Variant& variant, const AblateOptions& options) {
  if (!variant.row.is_trained) return counted(variant);
  Recipe recipe = variant.recipe;
  const std::filesystem::path folder = folder_of(variant, options);
  make_folder(folder);
  recipe.settings.checkpoint = folder / checkpoint_name;
  recipe.resume = std::filesystem::exists(recipe.settings.checkpoint);
  recipe.observes_scores = true;
  recipe.model = folder / "model.h5";
  recipe.integer_twin = true;
  const Outcome outcome =
      training::train_recipe(recipe, watch_for_stop(), [&](const training::Progress& progress) {
        if (!options.quiet) print_progress(progress, recipe.alphabet.level());
      });
  if (!outcome.complete) return std::nullopt;
  AblationResult result = result_of(variant, outcome);
  try {
    measure_on_chip(result, recipe.model, options);
  } catch (const MappingError& error) {
    result.note = std::string("no chip: ") + error.what();
  } catch (const ConfigError& error) {  // the chip has no price for what this variant does
    result.note = std::string("no chip: ") + error.what();
  }
  return result;
}

/// Where checkpoints go unless --work says otherwise; who holds it may write the table.
std::filesystem::path own_folder(const AblateOptions& options) {
  return options.table + ".work";
}

/// Held while the table is written; gone at the end if nothing is in it.
struct TableFolder {
  explicit TableFolder(const std::filesystem::path& folder) : path(made(folder)), lock(path) {}
  ~TableFolder() {
    std::error_code is_used;
    std::filesystem::remove(path, is_used);
  }
  static const std::filesystem::path& made(const std::filesystem::path& folder) {
    make_folder(folder);
    return folder;
  }

  std::filesystem::path path;
  FolderLock lock;
};

/// What chip numbers of all rows have in common.
std::string measured_on(const AblateOptions& options) {
  return fmt::format("{}, {} characters", options.chip, options.chip_characters);
}

std::vector<Variant> checked_variants(const AblateOptions& options) {
  std::vector<Variant> variants;
  std::set<std::tuple<std::int64_t, std::int64_t, std::vector<std::filesystem::path>>> seen;
  for (const AblationRow& row :
       training::read_ablation(read_text_file(options.grid), options.grid)) {
    variants.push_back(checked_variant(row, options));
    const Recipe& recipe = variants.back().recipe;
    const bool is_new =
        seen.insert({recipe.shape.vocabulary, recipe.shape.context, recipe.extra_texts}).second;
    if (row.is_trained && is_new) check_texts(recipe);
  }
  return variants;
}

int ablate(const AblateOptions& options) {
  const std::vector<Variant> variants = checked_variants(options);
  static_cast<void>(load_chip(options.chip));  // mistakes are told before hours of training
  check_writable(options.table);
  make_folder(options.work);
  const TableFolder own(own_folder(options));
  std::optional<FolderLock> work_lock;
  if (!std::filesystem::equivalent(options.work, own.path)) work_lock.emplace(options.work);
  training::AblationTable table(options.table, measured_on(options));
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const Variant& variant = variants[i];
    std::optional<AblationResult> result = table.find(variant.row.name, variant.settings);
    if (!result && options.measures_only && variant.row.is_trained) {
      fmt::print("{:<44}not trained yet\n", variant.row.name);
      continue;
    }
    if (!result || can_be_measured_now(variant, *result, options)) {
      if (!options.quiet)
        fmt::print("row {} of {}: {}\n", i + 1, variants.size(), variant.row.name);
      result = train_row(variant, options);
      if (!result) {
        throw RunFailure("ablate: interrupted; the same command goes on where it stopped");
      }
      table.put(*result);
    }
    fmt::print("{}\n", line_of(*result));
    std::fflush(stdout);
  }
  if (!options.csv.empty()) write_text(options.csv, training::to_csv(table.rows()));
  return success;
}

}  // namespace

void add_ablate_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<AblateOptions>();
  CLI::App* command =
      parser.add_subcommand("ablate", "Train a grid of variants under one budget; a table of them");
  command->add_option("file", options->grid, "Variants (YAML); see below")->required();
  command->add_option("--text", options->text, "As for synfire train")->required();
  command->add_option("--out", options->table, "Table to write, or to go on with (HDF5)")
      ->required();
  command->add_option("--csv", options->csv, "The table as text, too");
  command
      ->add_option("--work", options->work,
                   "Folder for checkpoints and models of the rows; default: the table's name "
                   "and .work")
      ->default_str("TABLE.work");
  command->add_option("--chip", options->chip, "Chip that trained variants run on")
      ->capture_default_str();
  command
      ->add_option("--chip-characters", options->chip_characters,
                   "Held-out characters that they run there")
      ->check(CLI::Range(2, 1'000'000))
      ->capture_default_str();
  command->add_flag("--measure-only", options->measures_only,
                    "Train nothing: finished rows get what they lack, others stay for later");
  command->add_flag("--quiet", options->quiet, "Results only, no progress");
  command->footer(examples);
  command->callback([options, &exit_code] {
    if (options->work.empty()) options->work = own_folder(*options).string();
    exit_code = ablate(*options);
  });
}

}  // namespace synfire::app
