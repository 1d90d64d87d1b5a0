// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "analysis/gnuplot.hpp"
#include "analysis/plot.hpp"
#include "analysis/plot_sweep.hpp"
#include "analysis/recording.hpp"
#include "models/model_file.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/support.hpp"
#include "sim/app/token_range.hpp"
#include "sim/error.hpp"

namespace synfire::app {
namespace {

constexpr const char* teaching =
    "Kinds\n"
    "  raster    spikes over hardware time, populations as bands        --tokens, --population\n"
    "  membrane  potentials recorded with run --record, and thresholds  --tokens, --population,\n"
    "                                                                   --model\n"
    "  energy    by layer and component, and by action\n"
    "  latency   of every token, and of every layer                     --tokens\n"
    "  sparsity  firing rates and silent neurons by population          --tokens, --population\n"
    "  traffic   utilisation of links over time, and of routers         --tokens\n"
    "  pareto    energy against latency a token of several recordings; of a sweep its objectives\n"
    "Kinds for the table of a sweep (synfire sweep)                     --workload\n"
    "  parallel     every chip as a line over parameters and objectives\n"
    "  sensitivity  how much each parameter alone decides each objective\n"
    "  heatmap      the best of a metric over two parameters            --parameter, --metric\n"
    "\n"
    "Pictures are as wide as two columns of a journal, with letters of 8 points, in colours that\n"
    "people with any colour vision tell apart. --csv writes the numbers behind the picture; the\n"
    "names of its columns end in their units. A run that was cut short is drawn as far as it "
    "went.\n"
    "\n"
    "Examples\n"
    "  synfire run --out run.h5 --record 'potentials:block0.attention.query[0:4]'\n"
    "  synfire plot run.h5 --kind raster -o raster.png --tokens 0:2\n"
    "  synfire plot run.h5 --kind membrane -o membrane.svg --tokens 0:20\n"
    "  synfire plot run.h5 --kind traffic -o traffic.pdf --csv traffic.csv\n"
    "  synfire run --chip horowitz-45nm --out other.h5\n"
    "  synfire plot run.h5 other.h5 --kind pareto -o pareto.pdf\n"
    "  synfire plot chips.h5 --kind heatmap --parameter grid.width --parameter multicast.kind \\\n"
    "      -o map.svg";

constexpr std::uint32_t tokens_of_a_raster = 4;  // as many as can be seen

struct PlotOptions {
  std::vector<std::string> recordings;
  std::string kind;
  std::string output;
  std::string csv;
  std::string tokens;
  std::vector<std::string> populations;
  std::string model;
  SweepSelection sweep;
};

/// What a kind of plot can be asked for.
struct Kind {
  const char* name;
  bool has_tokens;
  bool has_populations;
  bool is_of_sweep = false;
};
constexpr Kind kinds[]{{"raster", true, true},
                       {"membrane", true, true},
                       {"energy", false, false},
                       {"latency", true, false},
                       {"sparsity", true, true},
                       {"traffic", true, false},
                       {"pareto", false, false},
                       {"parallel", false, false, true},
                       {"sensitivity", false, false, true},
                       {"heatmap", false, false, true}};

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const Kind& kind : kinds) names.emplace_back(kind.name);
  return names;
}

void check_options(const PlotOptions& options) {
  const auto refuse = [&](const char* option, const std::string& remedy) {
    throw ConfigError(option, "is nothing that --kind " + options.kind + " takes; " + remedy);
  };
  for (const Kind& kind : kinds) {
    if (options.kind != kind.name) continue;
    if (!kind.has_tokens && !options.tokens.empty()) refuse("--tokens", "it shows whole runs");
    if (!kind.has_populations && !options.populations.empty()) {
      refuse("--population", "it shows all of them");
    }
  }
  if (options.kind != "heatmap" &&
      (!options.sweep.parameters.empty() || !options.sweep.metric.empty())) {
    refuse(options.sweep.metric.empty() ? "--parameter" : "--metric", "only heatmap has axes");
  }
  if (options.kind != "membrane" && !options.model.empty()) {
    refuse("--model", "only membrane shows thresholds");
  }
  if (options.kind != "pareto" && options.recordings.size() > 1) {
    throw ConfigError("plot", "--kind " + options.kind +
                                  " shows one recording; give one, or choose --kind pareto");
  }
  if (options.output.empty() && options.csv.empty()) {
    throw ConfigError("plot", "nothing to write; name a picture with -o or a table with --csv");
  }
}

PlotSelection selection_of(const PlotOptions& options) {
  PlotSelection selection{.populations = options.populations};
  if (!options.tokens.empty()) {
    const TokenRange range = parse_token_range(options.tokens);
    selection.first_token = range.first;
    selection.end_token = range.end;
  } else if (options.kind == "raster") {
    selection.end_token = tokens_of_a_raster;
  }
  return selection;
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
  if (!options.model.empty()) {
    throw ConfigError("--model", "'" + options.model + "' is not the model of the recording");
  }
  return std::nullopt;
}

Figure pareto_of(const std::vector<std::string>& recordings) {
  std::vector<ParetoPoint> points;
  for (const std::string& name : recordings) points.push_back(pareto_point(Recording(name)));
  return plot_pareto(points);
}

Figure sweep_figure_of(const PlotOptions& options) {
  const SweepTable table = read_sweep_table(options.recordings.front());
  if (options.kind == "pareto") return plot_sweep_pareto(table, options.sweep);
  if (options.kind == "parallel") return plot_sweep_parallel(table, options.sweep);
  if (options.kind == "sensitivity") return plot_sweep_sensitivity(table, options.sweep);
  return plot_sweep_heatmap(table, options.sweep);
}

bool is_of_sweep(const PlotOptions& options) {
  const auto* kind = std::ranges::find(kinds, options.kind, &Kind::name);
  return kind->is_of_sweep || (options.kind == "pareto" && options.recordings.size() == 1 &&
                               is_sweep_table(options.recordings.front()));
}

Figure figure_of(const PlotOptions& options) {
  if (is_of_sweep(options)) return sweep_figure_of(options);
  if (!options.sweep.workload.empty()) {
    throw ConfigError("--workload", "is about sweeps, but " + options.recordings.front() +
                                        " is none; leave it out");
  }
  if (options.kind == "pareto") return pareto_of(options.recordings);
  const Recording recording(options.recordings.front());
  const PlotSelection selection = selection_of(options);
  if (options.kind == "raster") return plot_raster(recording, selection);
  if (options.kind == "energy") return plot_energy(recording);
  if (options.kind == "latency") return plot_latency(recording, selection);
  if (options.kind == "sparsity") return plot_sparsity(recording, selection);
  if (options.kind == "traffic") return plot_traffic(recording, selection);
  const std::optional<Model> model = model_of(options, recording);
  return plot_membrane(recording, selection, model ? &*model : nullptr);
}

void run_plot(const PlotOptions& options) {
  check_options(options);
  if (!options.output.empty()) check_picture_format(options.output);
  for (const std::string& output : {options.output, options.csv}) {
    check_writable(output);
    check_distinct(output, options.recordings);
  }
  check_distinct(options.csv, {options.output});
  const Figure figure = figure_of(options);
  if (!options.output.empty()) draw_with_gnuplot(figure.script, options.output, figure.size);
  if (!options.csv.empty()) {
    write_text(options.csv, figure.data.substr(0, figure.data.size() - 1));
  }
}

}  // namespace

void add_plot_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<PlotOptions>();
  CLI::App* command =
      parser.add_subcommand("plot", "Draw a recording for a publication: SVG, PDF, PNG, CSV");
  command
      ->add_option("recordings", options->recordings,
                   "Recording of synfire run --out, for pareto several; or table of synfire sweep")
      ->required();
  command->add_option("--kind", options->kind, "What to draw; see below")
      ->required()
      ->check(CLI::IsMember(kind_names()));
  command->add_option("-o,--output", options->output, "Picture: NAME.svg, NAME.pdf or NAME.png");
  command->add_option("--csv", options->csv, "Table of what is drawn, or `-`: to standard output");
  command->add_option("--tokens", options->tokens,
                      "i:j, tokens i to j-1; default: raster 0:4, others all");
  command->add_option("--population", options->populations, "Only this one; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--model", options->model, "For thresholds; default: as recorded");
  command->add_option("--workload", options->sweep.workload, "Of a sweep; default: its first");
  command
      ->add_option("--parameter", options->sweep.parameters,
                   "Axis of a heat map; give two; default: those that decide most")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--metric", options->sweep.metric,
                      "Of a heat map; default: the sweep's first objective");
  command->footer(teaching);
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
