// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "analysis/csv_writer.hpp"
#include "analysis/detail/plot_style.hpp"
#include "analysis/plot.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::size_t most_panels = 8;  // that stay readable

/// Potentials of one neuron after each time step.
struct Trace {
  const RecordedPopulation* population = nullptr;
  std::uint32_t neuron = 0;
  std::optional<std::int64_t> threshold;
  std::vector<RecordedPotential> rows;
};

std::vector<Trace> traces_of(const Recording& recording, const PlotSelection& selection,
                             const Model* model) {
  std::vector<Trace> traces;
  for (const PopulationId id : detail::selected_populations(recording, selection)) {
    std::map<std::uint32_t, Trace> by_neuron;
    for (const RecordedPotential& row :
         recording.potentials(id, 0, recording.potential_count(id))) {
      if (selection.has(row.token)) by_neuron[row.neuron].rows.push_back(row);
    }
    for (auto& [neuron, trace] : by_neuron) {
      trace.population = &recording.populations()[index(id)];
      trace.neuron = neuron;
      if (model != nullptr) trace.threshold = model->network.population(id).threshold.at(neuron);
      traces.push_back(std::move(trace));
    }
  }
  if (traces.empty()) {
    const std::string range = detail::token_range(selection);
    throw ConfigError("membrane", "no potentials were recorded" +
                                      (range.empty() ? "" : " in " + range) +
                                      "; record some with run --record potentials:POPULATION[i:j]");
  }
  if (traces.size() > most_panels) {
    throw ConfigError("membrane", fmt::format("{} neurons are more than the {} panels of a "
                                              "picture; record or choose fewer",
                                              traces.size(), most_panels));
  }
  return traces;
}

std::string data_of(const std::vector<Trace>& traces) {
  std::ostringstream text;
  CsvWriter csv(text, {"population", "neuron", "token", "time_step", "time_ps",
                       "potential_weight_units", "threshold_weight_units"});
  for (const Trace& trace : traces) {
    for (const RecordedPotential& row : trace.rows) {
      csv.row(trace.population->name, trace.neuron, row.token, row.step,
              row.time.time_since_epoch().count(), row.potential,
              trace.threshold ? std::to_string(*trace.threshold) : "");
    }
  }
  return text.str();
}

/// Where a step starts on the axis of tokens.
double place_of(const RecordedPotential& row, std::uint32_t time_steps) {
  return row.token + static_cast<double>(row.step) / time_steps;
}

std::string panel(const Trace& trace, std::size_t i, bool is_last, bool has_names) {
  std::string script =
      is_last ? "set xlabel 'token; its time steps lie between the tics'\nset format x '%g'\n"
              : "set format x ''\n";
  const auto [least, most] = std::ranges::minmax(trace.rows, {}, &RecordedPotential::potential);
  const double bottom = std::min(0, least.potential);
  const double top =
      std::max<double>(most.potential, static_cast<double>(trace.threshold.value_or(1)));
  script += fmt::format("set yrange [{:.9g}:{:.9g}]\nset ytics autofreq {:.9g}\n",
                        bottom - (top - bottom) * 0.06, top + (top - bottom) * 0.3,
                        detail::tic_step(top - bottom, 3));
  const std::string name = has_names ? trace.population->name + " " : "neuron ";
  script += fmt::format(
      "set label 1 {} at graph 0.005, graph 0.9 left noenhanced font ',7'\n"
      "plot $trace{} with steps lw 1.1 lc rgb '{}' notitle",
      gnuplot_text(name + std::to_string(trace.neuron)), i, detail::plot_colour(0));
  if (trace.threshold) {
    script += fmt::format(", {} with lines dt 2 lw 1 lc rgb '{}' notitle", *trace.threshold,
                          detail::accent_colour);
  }
  return script + "\nunset label 100\nunset label 101\n";
}

std::string script_of(const std::vector<Trace>& traces, std::uint32_t time_steps) {
  std::string script;
  for (std::size_t i = 0; i < traces.size(); ++i) {
    script += fmt::format("$trace{} << EOD\n", i);
    for (const RecordedPotential& row : traces[i].rows) {
      script += fmt::format("{:.6f} {}\n", place_of(row, time_steps), row.potential);
    }
    const RecordedPotential& last = traces[i].rows.back();  // as long as those before
    script += fmt::format("{:.6f} {}\nEOD\n", place_of(last, time_steps) + 1.0 / time_steps,
                          last.potential);
  }
  const double first = place_of(traces.front().rows.front(), time_steps);
  const double last = place_of(traces.front().rows.back(), time_steps) + 1.0 / time_steps;
  const bool has_names = std::ranges::any_of(
      traces, [&](const Trace& trace) { return trace.population != traces.front().population; });
  script += fmt::format(
      "set multiplot layout {},1 margins 0.085,0.985,{},0.9 spacing 0.02\n"
      "set label 102 'membrane potential [weight units]' at screen 0.018, screen 0.5 center "
      "rotate\nset ytics font ',7'\nset xrange [{:.9g}:{:.9g}]\n",
      traces.size(), traces.size() > 4 ? 0.1 : 0.13, first, last);
  for (std::size_t i = 0; i < traces.size(); ++i) {
    script += panel(traces[i], i, i + 1 == traces.size(), has_names);
  }
  return script + "unset multiplot\n";
}

}  // namespace

Figure plot_membrane(const Recording& recording, const PlotSelection& selection,
                     const Model* model) {
  const std::vector<Trace> traces = traces_of(recording, selection, model);
  const std::string range = detail::token_range(selection);
  const bool has_thresholds = traces.front().threshold.has_value();
  const std::string what = "membranes of " + traces.front().population->name +
                           (range.empty() ? "" : ", " + range) +
                           (has_thresholds ? "; dashed: thresholds" : "");
  constexpr double height_of_panel = 22;
  return {
      .script = detail::plot_opening(recording, what) + script_of(traces, recording.time_steps()),
      .data = data_of(traces),
      .size = {.height = 28 + height_of_panel * static_cast<double>(traces.size())}};
}

}  // namespace synfire
