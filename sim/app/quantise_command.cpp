// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "models/corpus.hpp"
#include "models/evaluation.hpp"
#include "models/model_file.hpp"
#include "models/real_model.hpp"
#include "models/tokenizer.hpp"
#include "models/training/quantised_twin.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/evaluation_progress.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/generation_display.hpp"
#include "sim/app/support.hpp"
#include "sim/error.hpp"

namespace synfire::app {
namespace {

constexpr const char* examples =
    "Examples\n"
    "  synfire quantise --model moby-dick-ann --text book.txt --out twin.h5\n"
    "  synfire run --model twin.h5\n\n"
    "Weights and activations become 8-bit integers, LayerNorm, softmax and GELU integer "
    "arithmetic\n"
    "(models/training/dense_export.hpp). How large activations become is seen on the text without\n"
    "its last tenth; on that the integers are scored.";

struct QuantiseOptions {
  std::string model = "moby-dick-ann";
  std::string text;
  std::string out;
  std::int64_t threads = 0;
  bool quiet = false;
};

Evaluation score(const Model& model, std::span<const Token> text, const QuantiseOptions& options) {
  GenerationDisplay display(GenerationDisplay::Text::hidden, options.quiet);
  return evaluate(model, text, shown_on(display, options.threads));
}

int quantise(const QuantiseOptions& options) {
  checked_count("--threads", options.threads, 0, most_threads);
  const std::filesystem::path file = find_model(options.model);
  check_writable(options.out);
  check_distinct(options.out, {file.string(), options.text});
  if (!is_real_model(file)) {
    throw ConfigError(file.string(), "holds integers already; `synfire run` takes it");
  }
  const RealModel twin = read_real_model(file);
  const std::vector<Token> text =
      corpus_tokens(Tokenizer(twin.alphabet), load_text(options.text), options.text);
  const HeldOutSplit split = split_held_out(text);
  Model model = training::quantised_twin(twin, split.training);
  const double bits = score(model, split.held_out, options).bits_per_character;
  const std::string unit(to_string(twin.alphabet.level()));
  model.provenance = twin.provenance;
  model.provenance["quantised"] = "from " + twin.identity + ", activations as on " +
                                  text_name(options.text) + " without its last tenth";
  model.provenance["bits_per_" + unit + "_integer"] = fmt::format("{:.4f}", bits);
  write_model(model, options.out);
  fmt::print("{:<40}{:.4f}\n", "bits per " + unit + ", integers", bits);
  return success;
}

}  // namespace

void add_quantise_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<QuantiseOptions>();
  CLI::App* command =
      parser.add_subcommand("quantise", "Write an artificial twin as integers, which chips run");
  command->add_option("--model", options->model, "Model file of real numbers, or a shipped one")
      ->capture_default_str();
  command->add_option("--text", options->text, "As for synfire train")->required();
  command->add_option("--out", options->out, "Model file to write (HDF5)")->required();
  command->add_option("--threads", options->threads, "Threads of the score; 0: all processors")
      ->capture_default_str();
  command->add_flag("--quiet", options->quiet, "No progress line");
  command->footer(examples);
  command->callback([options, &exit_code] { exit_code = quantise(*options); });
}

}  // namespace synfire::app
