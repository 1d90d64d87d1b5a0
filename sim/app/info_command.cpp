// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "analysis/recording.hpp"
#include "analysis/recover.hpp"
#include "models/model_file.hpp"
#include "models/real_model.hpp"
#include "sim/app/chip_overview.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/corpus_description.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/model_description.hpp"
#include "sim/app/recording_description.hpp"
#include "sim/app/reprice.hpp"
#include "sim/app/support.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/mpi_session.hpp"
#include "topology/chip.hpp"

namespace synfire::app {
namespace {

constexpr const char* examples =
    "Examples\n"
    "  synfire info                                     chips, shipped models\n"
    "  synfire info moby-dick                           a model: sizes, provenance\n"
    "  synfire info run.h5                              a recording: what, where, how far\n"
    "  synfire info --chip loihi-like > my-chip.yaml    a chip to start yours from\n"
    "  synfire info --chip loihi2-like --assumed        its numbers without a published source\n"
    "  synfire info --chip-reference                    every parameter of a chip file\n"
    "  synfire info run.h5 --reprice digital-22nm       its energy at another chip's prices\n"
    "  synfire info --recover run.h5.part -o run.h5     what a killed run left\n"
    "  synfire info --corpus book.txt --level word      a text's tokens, symbols and windows";

struct InfoOptions {
  std::string file;
  std::string chip;
  std::vector<std::string> overrides;
  bool assumed = false;
  bool chip_reference = false;
  std::string recover;
  std::string output;
  std::string price_table;
  std::string json;
  CorpusOptions corpus;
};

std::string overview() {
  std::string text = "chips (--chip)\n" + chip_list() + "models (--model)\n";
  for (const std::string& name : shipped_models()) text += "  " + name + "\n";
  const std::string mpi = mpi_library();
  text +=
      "mpirun of sweep\n  " + (mpi.empty() ? "not in this build, which has no MPI" : mpi) + "\n";
  return text + "`synfire info --help` says what else can be shown.";
}

/// Models say `magic` in words; SONATA recordings have a number there.
bool is_model(const std::filesystem::path& path) {
  const Hdf5File file = Hdf5File::open(path);
  return file.has_attribute("/", "magic") &&
         file.attribute_shape("/", "magic").type == Hdf5Type::string;
}

std::string describe(const std::string& name) {
  const std::filesystem::path path = find_model(name);
  if (!is_model(path)) return describe_recording(Recording(path));
  return is_real_model(path) ? describe_real_model(read_real_model(path))
                             : describe_model(read_model(path));
}

void recover(const InfoOptions& options) {
  const std::filesystem::path part = options.recover;
  std::string output = options.output;
  if (output.empty()) {
    if (part.extension() != ".part") {
      throw ConfigError("--recover", "'" + part.string() +
                                         "' does not end in .part; say with -o "
                                         "where the recording goes");
    }
    output = std::filesystem::path(part).replace_extension().string();
  }
  check_writable(output);
  check_distinct(output, {part.string()});
  if (options.output.empty() && std::filesystem::exists(output)) {
    throw IoError(output, "exists; name another file with -o, or this one to replace it");
  }
  recover_recording(part, output);
  const Recording recording(output);
  write_text("-", output + ": " + std::to_string(recording.token_count()) + " tokens, " +
                      std::to_string(recording.total_spike_count()) +
                      " spikes recovered; marked incomplete");
}

void show_info(const InfoOptions& options) {
  if (!options.overrides.empty() && options.chip.empty() && options.price_table.empty()) {
    throw ConfigError("--set", "has nothing to change; give --chip or --reprice, too");
  }
  if (!options.corpus.text.empty()) {
    write_text("-", describe_corpus(options.corpus));
  } else if (!options.recover.empty()) {
    recover(options);
  } else if (!options.price_table.empty()) {
    reprice({options.file, options.price_table, options.overrides, options.json});
  } else if (options.chip_reference) {
    write_text("-", chip_reference());
  } else if (!options.chip.empty()) {
    const ChipDescription chip = load_chip(options.chip, options.overrides);
    write_text("-", options.assumed ? assumed_list(chip) : to_yaml(chip));
  } else if (!options.file.empty()) {
    write_text("-", describe(options.file));
  } else {
    write_text("-", overview());
  }
}

}  // namespace

void add_info_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<InfoOptions>();
  CLI::App* command =
      parser.add_subcommand("info", "Say what a model, recording or chip is; recover a recording");
  auto* file = command->add_option("file", options->file, "Model or recording");
  auto* chip = command->add_option("--chip", options->chip, "Print a chip as YAML")->excludes(file);
  command
      ->add_option("--set", options->overrides,
                   "Override a number of the chip, or a price of --reprice: key.path=value")
      ->take_all()
      ->allow_extra_args(false);
  command
      ->add_flag("--assumed", options->assumed,
                 "Only the numbers of the chip without a published source, and why they are so")
      ->needs(chip);
  command->add_flag("--chip-reference", options->chip_reference,
                    "Print every parameter of a chip file: unit, range, meaning");
  auto* recover = command
                      ->add_option("--recover", options->recover,
                                   "Make a readable recording of what a killed run left")
                      ->excludes(file)
                      ->excludes(chip);
  auto* table = command
                    ->add_option("--reprice", options->price_table,
                                 "What the recorded run would have cost: a chip or its `energy:` "
                                 "and `static_power:` alone")
                    ->needs(file);
  command->add_option("--json", options->json, "Of --reprice: JSON to a file, or `-`")
      ->needs(table);
  add_corpus_options(*command, options->corpus)->excludes(file)->excludes(chip)->excludes(recover);
  command->add_option("-o,--output", options->output, "Where to; default: FILE without .part")
      ->needs(recover);
  command->footer(examples);
  command->callback([options, &exit_code] {
    show_info(*options);
    exit_code = success;
  });
}

}  // namespace synfire::app
