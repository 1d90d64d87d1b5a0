// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "analysis/csv_writer.hpp"
#include "analysis/detail/plot_style.hpp"
#include "analysis/firing_rates.hpp"
#include "analysis/layers.hpp"
#include "analysis/plot.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

std::string data_of(const Recording& recording, const std::vector<FiringRate>& rates) {
  const std::vector<std::string> layers = layers_of(recording);
  std::ostringstream text;
  CsvWriter csv(text, {"population", "layer", "neurons", "spikes",
                       "rate_spikes_per_neuron_and_step", "silent_fraction"});
  for (const FiringRate& rate : rates) {
    const RecordedPopulation& population = recording.populations()[index(rate.population)];
    csv.row(population.name, layers[index(rate.population)], population.size, rate.spikes,
            rate.rate, rate.silent_fraction);
  }
  return text.str();
}

std::string panel(const std::string& margins, const std::string& label, double most, int column,
                  std::size_t colour) {
  return fmt::format(
      "{}set xlabel '{}'\n{}"
      "plot $rates using {}:0:(0):{}:($0-0.38):($0+0.38) with boxxyerror lc rgb '{}', "
      "$rates using {}:0:(sprintf(' %.3g', ${})) with labels left font ',6.5'\n"
      "unset label 100\nunset label 101\n",
      margins, label, detail::axis_from_zero('x', most * 1.15, 4), column, column,
      detail::plot_colour(colour), column, column);
}

}  // namespace

Figure plot_sparsity(const Recording& recording, const PlotSelection& selection) {
  std::vector<FiringRate> rates =
      firing_rates(recording, selection.first_token, selection.end_token);
  const std::vector<PopulationId> selected = detail::selected_populations(recording, selection);
  std::erase_if(rates, [&](const FiringRate& rate) {
    return std::ranges::find(selected, rate.population) == selected.end();
  });
  if (rates.empty()) throw ConfigError("sparsity", "no population that is chosen sends spikes");
  std::vector<std::string> names;
  std::string data = "$rates << EOD\n";
  double spikes = 0;
  double most_rate = 0;
  double most_silent = 0;
  double chances = 0;
  for (const FiringRate& rate : rates) {
    const RecordedPopulation& population = recording.populations()[index(rate.population)];
    names.push_back(population.name);
    data += fmt::format("{:.9g} {:.9g}\n", rate.rate, rate.silent_fraction);
    most_rate = std::max(most_rate, rate.rate);
    most_silent = std::max(most_silent, rate.silent_fraction);
    spikes += rate.rate * population.size;
    chances += population.size;
  }
  const std::string range = detail::token_range(selection);
  const std::string what = fmt::format("{:.3g} spikes per neuron and time step{}", spikes / chances,
                                       range.empty() ? "" : " in " + range);
  constexpr double height_of_row = 3.6;
  const double height = std::max(55.0, 28 + height_of_row * static_cast<double>(rates.size()));
  return {
      .script = detail::plot_opening(recording, what) + data +
                fmt::format("EOD\nset multiplot\nunset key\nset style fill solid noborder\n"
                            "set tmargin at screen {:.3f}\nset bmargin at screen {:.3f}\n"
                            "set yrange [{}:-0.6]\nset ytics noenhanced scale 0 font ',7' "
                            "({})\n",
                            1 - 12 / height, 12 / height, static_cast<double>(names.size()) - 0.4,
                            detail::named_tics(names)) +
                panel("set lmargin at screen 0.18\nset rmargin at screen 0.57\n",
                      "firing rate [spikes per neuron and time step]", most_rate, 1, 0) +
                panel("set lmargin at screen 0.63\nset rmargin at screen 0.95\n"
                      "unset ytics\n",
                      "neurons that never fired [share]", most_silent, 2, 1) +
                "unset multiplot\n",
      .data = data_of(recording, rates),
      .size = {.height = height}};
}

}  // namespace synfire
