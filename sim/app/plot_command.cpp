// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "analysis/gnuplot.hpp"
#include "analysis/plot.hpp"
#include "analysis/recording.hpp"
#include "models/model_file.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/support.hpp"
#include "sim/error.hpp"

namespace synfire::app {
namespace {

struct PlotOptions {
  std::string kind;
  std::string recording;
  std::string output;
  std::string tokens;
  std::vector<std::string> populations;
  std::string model;
};

std::uint32_t parse_token(std::string_view digits, const std::string& text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc{} && end == digits.data() + digits.size()) return value;
  throw ConfigError("--tokens", "'" + text + "' is not i:j; write for example 0:4");
}

PlotSelection selection_of(const PlotOptions& options, const Recording& recording) {
  PlotSelection selection;
  selection.populations = options.populations;
  selection.end_token = options.kind == "membrane"
                            ? static_cast<std::uint32_t>(recording.token_count())
                            : selection.end_token;
  if (options.tokens.empty()) return selection;
  const auto colon = options.tokens.find(':');
  const std::string_view text = options.tokens;
  selection.first_token = parse_token(text.substr(0, colon), options.tokens);
  selection.end_token = colon == std::string_view::npos
                            ? selection.first_token + 1
                            : parse_token(text.substr(colon + 1), options.tokens);
  if (selection.first_token < selection.end_token) return selection;
  throw ConfigError("--tokens", "'" + options.tokens + "' is an empty range; write i:j with i < j");
}

/// The model of a recording for its thresholds, if it is at hand and still the same.
std::optional<Model> model_of(const PlotOptions& options, const Recording& recording) {
  const std::string name = options.model.empty() ? recording.model_path() : options.model;
  try {
    Model model = read_model(find_model(name));
    if (model.identity == recording.model_identity()) return model;
  } catch (const Error&) {
    if (!options.model.empty()) throw;
  }
  return std::nullopt;
}

void run_plot(const PlotOptions& options) {
  check_writable(options.output);
  const Recording recording(options.recording);
  const PlotSelection selection = selection_of(options, recording);
  if (options.kind == "raster") {
    plot_raster(recording, selection, options.output);
  } else if (options.kind == "energy") {
    plot_energy(recording, options.output);
  } else {
    const std::optional<Model> model = model_of(options, recording);
    plot_membrane(recording, selection, model ? &*model : nullptr, options.output);
  }
}

}  // namespace

void add_plot_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<PlotOptions>();
  CLI::App* command = parser.add_subcommand("plot", "Draw a recording as SVG or PNG (by gnuplot)");
  command->add_option("kind", options->kind, "raster, energy or membrane")
      ->required()
      ->check(CLI::IsMember({"raster", "energy", "membrane"}));
  command->add_option("recording", options->recording, "Recording of synfire run --out")
      ->required();
  command->add_option("-o,--output", options->output, "Picture: NAME.svg or NAME.png")->required();
  command->add_option("--tokens", options->tokens,
                      "i:j, tokens i to j-1; default: raster 0:4, membrane all");
  command->add_option("--population", options->populations, "Only this one; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--model", options->model, "For thresholds; default: as recorded");
  command->footer(
      "  synfire run --out run.h5 --record 'potentials:block0.attention.query[0:4]'\n"
      "  synfire plot raster run.h5 -o raster.png --tokens 0:3\n"
      "  synfire plot energy run.h5 -o energy.svg\n"
      "  synfire plot membrane run.h5 -o membrane.svg --tokens 0:20");
  command->callback([options, &exit_code] {
    try {
      run_plot(*options);
    } catch (const ToolError& error) {
      throw RunFailure(error.what());
    }
    exit_code = success;
  });
}

}  // namespace synfire::app
