// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "analysis/csv_writer.hpp"
#include "analysis/detail/plot_style.hpp"
#include "analysis/layers.hpp"
#include "analysis/plot.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t rows_at_a_time = 1U << 20U;
constexpr std::size_t most_dots = 300'000;  // more are a grey wall, and a huge file
constexpr std::size_t few_dots = 2000;      // so few may be larger

/// Spikes of one population, stacked above the populations before it.
struct Band {
  const RecordedPopulation* population = nullptr;
  std::vector<SpikeRecord> spikes;
};

std::vector<SpikeRecord> selected_spikes(const Recording& recording, PopulationId population,
                                         const PlotSelection& selection) {
  std::vector<SpikeRecord> selected;
  const std::uint64_t rows = recording.spike_count(population);
  for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
    for (const SpikeRecord& spike :
         recording.spikes(population, first, std::min(rows_at_a_time, rows - first))) {
      if (selection.has(spike.token)) selected.push_back(spike);
    }
  }
  return selected;
}

double picoseconds_of(const SpikeRecord& spike) {
  return static_cast<double>(spike.time.time_since_epoch().count());
}

std::vector<Band> bands_of(const Recording& recording, const PlotSelection& selection) {
  std::vector<Band> bands;
  std::size_t dots = 0;
  for (const PopulationId id : detail::selected_populations(recording, selection)) {
    if (recording.spike_count(id) == 0) continue;
    bands.push_back(
        {&recording.populations()[index(id)], selected_spikes(recording, id, selection)});
    dots += bands.back().spikes.size();
    if (dots > most_dots) {
      throw ConfigError("raster", fmt::format("more than {} spikes cannot be told apart; choose "
                                              "fewer with --tokens or --population",
                                              most_dots));
    }
  }
  if (dots == 0) {
    const std::string range = detail::token_range(selection);
    throw ConfigError("raster", "no spikes were recorded" + (range.empty() ? "" : " in " + range));
  }
  return bands;
}

std::string data_of(const std::vector<Band>& bands) {
  std::ostringstream text;
  CsvWriter csv(text, {"time_ps", "population", "neuron", "token", "time_step"});
  for (const Band& band : bands) {
    for (const SpikeRecord& spike : band.spikes) {
      csv.row(spike.time.time_since_epoch().count(), band.population->name, spike.neuron,
              spike.token, spike.step);
    }
  }
  return text.str();
}

/// From the first spike on: when the tokens came is no matter of theirs.
std::pair<double, double> time_range(const std::vector<Band>& bands) {
  std::pair<double, double> range{1e300, 0};
  for (const Band& band : bands) {
    if (band.spikes.empty()) continue;
    range.first = std::min(range.first, picoseconds_of(band.spikes.front()));
    range.second = std::max(range.second, picoseconds_of(band.spikes.back()));
  }
  return range;
}

std::string script_of(const std::vector<Band>& bands, const std::vector<std::size_t>& colours) {
  constexpr double seconds_a_picosecond = 1e-12;
  const auto [first, last] = time_range(bands);
  const detail::AxisScale scale = detail::axis_scale(last * seconds_a_picosecond, "s");
  const double factor = scale.factor * seconds_a_picosecond;
  std::string data, tics, lines, curves;
  std::uint64_t base = 0;
  std::size_t dots = 0;
  for (const Band& band : bands) dots += band.spikes.size();
  for (std::size_t i = 0; i < bands.size(); ++i) {
    data += fmt::format("$band{} << EOD\n", i);
    for (const SpikeRecord& spike : bands[i].spikes) {
      data += fmt::format("{:.9g} {}\n", picoseconds_of(spike) * factor, base + spike.neuron + 0.5);
    }
    data += "EOD\n";
    const std::uint32_t size = bands[i].population->size;
    tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", gnuplot_text(bands[i].population->name),
                        static_cast<double>(base) + size / 2.0);
    base += size;
    lines += fmt::format(
        "set arrow from graph 0, first {0} to graph 1, first {0} nohead lw 0.4 lc rgb '{1}'\n",
        base, detail::faint_colour);
    if (bands[i].spikes.empty()) continue;
    curves += fmt::format("{}$band{} with points pt 7 ps {} lc rgb '{}' notitle",
                          curves.empty() ? "" : ", ", i, dots > few_dots ? 0.15 : 0.3,
                          detail::plot_colour(colours[i]));
  }
  const double pad = last > first ? (last - first) * factor * 0.008 : 1;
  return data + lines +
         fmt::format(
             "set xlabel 'hardware time [{}]'\nset ylabel 'neurons, by population'\n"
             "set xrange [{:.9g}:{:.9g}]\nset yrange [0:{}]\n"
             "set ytics noenhanced scale 0 font ',7' ({})\nset tmargin 3.2\nset rmargin 2.5\nplot "
             "{}\n",
             scale.unit, first * factor - pad, last * factor + pad, base, tics, curves);
}

}  // namespace

Figure plot_raster(const Recording& recording, const PlotSelection& selection) {
  const std::vector<Band> bands = bands_of(recording, selection);
  const std::vector<std::string> layers = layers_of(recording);
  std::vector<std::size_t> colours;  // by layer, so that neighbours within one look alike
  for (const Band& band : bands) {
    const auto place = static_cast<std::size_t>(band.population - recording.populations().data());
    const bool is_same = !colours.empty() && layers[place] == layers[place - 1];
    colours.push_back(colours.empty() ? 0 : colours.back() + (is_same ? 0 : 1));
  }
  const std::string range = detail::token_range(selection);
  const std::string what = range.empty() ? "spikes" : "spikes of " + range;
  constexpr double height_of_band = 4.2;
  const double height = 35 + height_of_band * static_cast<double>(bands.size());
  return {.script = detail::plot_opening(recording, what) + script_of(bands, colours),
          .data = data_of(bands),
          .size = {.height = std::clamp(height, 70.0, 150.0)}};
}

}  // namespace synfire
