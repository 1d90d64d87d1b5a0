// SPDX-License-Identifier: Apache-2.0
#include "analysis/plot.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analysis/energy.hpp"
#include "analysis/gnuplot.hpp"
#include "analysis/layers.hpp"
#include "analysis/plot_scripts.hpp"
#include "analysis/summary.hpp"
#include "sim/error.hpp"
#include "topology/chip.hpp"
#include "topology/operating_point.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t rows_at_a_time = 1U << 20U;
constexpr std::size_t most_dots = 300'000;  // more are a grey wall, and a huge SVG
constexpr std::size_t most_membranes = 8;   // panels that stay readable
constexpr double picoseconds_per_microsecond = 1e6;

std::string token_range(const PlotSelection& selection) {
  return fmt::format("tokens {} to {}", selection.first_token, selection.end_token - 1);
}

bool is_selected(const PlotSelection& selection, std::uint32_t token) {
  return token >= selection.first_token && token < selection.end_token;
}

/// The selected populations in order of the network; throws for a name that is none of them.
std::vector<PopulationId> selected_populations(const Recording& recording,
                                               const PlotSelection& selection) {
  std::vector<PopulationId> result;
  for (const std::string& name : selection.populations) {
    const auto found = recording.find(name);
    if (!found) throw ConfigError("--population", "'" + name + "' is not in the recording");
    result.push_back(*found);
  }
  if (selection.populations.empty()) {
    for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
      result.push_back(PopulationId{i});
    }
  }
  return result;
}

RasterBand raster_band(const Recording& recording, PopulationId population,
                       const PlotSelection& selection) {
  const RecordedPopulation& recorded = recording.populations()[index(population)];
  RasterBand band{.population = recorded.name, .size = recorded.size, .dots = {}};
  const std::uint64_t rows = recording.spike_count(population);
  for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
    for (const SpikeRecord& spike :
         recording.spikes(population, first, std::min(rows_at_a_time, rows - first))) {
      if (!is_selected(selection, spike.token)) continue;
      const auto time = static_cast<double>(spike.time.time_since_epoch().count());
      band.dots.push_back({time / picoseconds_per_microsecond, spike.neuron});
    }
  }
  return band;
}

std::string title(const Recording& recording, const std::string& what) {
  return recording.path().filename().string() + " on " + recording.chip_name() + ": " + what;
}

SimulationTotals recorded_totals(const Recording& recording) {
  if (auto totals = recording.totals()) return *std::move(totals);
  throw ConfigError(recording.path().string(),
                    "was killed before its counters were written, so there is no energy to plot");
}

}  // namespace

void plot_raster(const Recording& recording, const PlotSelection& selection,
                 const std::filesystem::path& output) {
  RasterPlot plot;
  plot.title = title(recording, "spikes of " + token_range(selection));
  std::size_t dots = 0;
  for (const PopulationId population : selected_populations(recording, selection)) {
    if (recording.spike_count(population) == 0) continue;
    plot.bands.push_back(raster_band(recording, population, selection));
    dots += plot.bands.back().dots.size();
  }
  if (dots == 0) throw ConfigError("raster", "no spikes in " + token_range(selection));
  if (dots > most_dots) {
    throw ConfigError("raster", fmt::format("{} spikes are too many to be seen; choose fewer with "
                                            "--tokens or --population",
                                            dots));
  }
  draw_with_gnuplot(gnuplot_script(plot), output, {.width = 1200, .height = 900});
}

void plot_energy(const Recording& recording, const std::filesystem::path& output) {
  const SimulationTotals totals = recorded_totals(recording);
  const ChipDescription chip = at_operating_point(recording.chip());
  std::vector<std::string> names;
  for (const RecordedPopulation& population : recording.populations()) {
    names.push_back(population.name);
  }
  const std::vector<std::string> layers = layers_of(names);
  EnergyPlot plot;
  Energy dynamic;
  for (std::size_t slice = 0; slice < totals.slices.size(); ++slice) {
    const std::string& layer = layers[index(recording.slices()[slice].population)];
    auto found = std::ranges::find(plot.layers, layer, &EnergyPlot::Layer::name);
    if (found == plot.layers.end()) found = plot.layers.insert(plot.layers.end(), {layer, {}});
    for (std::size_t i = 0; i < action_kinds; ++i) {
      const auto action = static_cast<Action>(i);
      found->joules[static_cast<std::size_t>(component_of(action))] +=
          price(totals.slices[slice], action, chip).in_joules();
    }
    dynamic += price(totals.slices[slice], chip);
  }
  for (std::size_t i = 0; i < action_kinds; ++i) {
    const auto action = static_cast<Action>(i);
    ActionCounts count;
    count[action] = total_count(totals, action);
    plot.actions.push_back({std::string(to_string(action)), price(count, chip)});
  }
  plot.title =
      title(recording, engineering(dynamic.in_joules(), "J") + " without static power, by layer");
  draw_with_gnuplot(gnuplot_script(plot), output, {.width = 1200, .height = 900});
}

void plot_membrane(const Recording& recording, const PlotSelection& selection, const Model* model,
                   const std::filesystem::path& output) {
  MembranePlot plot;
  std::vector<PopulationId> populations = selected_populations(recording, selection);
  std::erase_if(populations, [&](PopulationId id) { return recording.potential_count(id) == 0; });
  for (const PopulationId population : populations) {
    const std::string& name = recording.populations()[index(population)].name;
    std::map<std::uint32_t, MembranePlot::Trace> traces;
    const std::uint64_t rows = recording.potential_count(population);
    for (const RecordedPotential& row : recording.potentials(population, 0, rows)) {
      if (!is_selected(selection, row.token)) continue;
      MembranePlot::Trace& trace = traces[row.neuron];
      trace.token.push_back(row.token + static_cast<double>(row.step) / recording.time_steps());
      trace.potential.push_back(row.potential);
    }
    for (auto& [neuron, trace] : traces) {
      trace.neuron = (populations.size() == 1 ? "neuron" : name) + " " + std::to_string(neuron);
      if (model != nullptr) {
        trace.threshold = model->network.population(population).threshold.at(neuron);
      }
      plot.traces.push_back(std::move(trace));
    }
  }
  if (plot.traces.empty()) {
    throw ConfigError("membrane", "no potentials in " + token_range(selection) +
                                      "; record some with run --record");
  }
  if (plot.traces.size() > most_membranes) {
    throw ConfigError("membrane", fmt::format("{} neurons are more than the {} panels of a "
                                              "picture; record or choose fewer",
                                              plot.traces.size(), most_membranes));
  }
  const std::string of = populations.size() == 1
                             ? recording.populations()[index(populations.front())].name + ", "
                             : std::string();
  plot.title =
      title(recording, "membrane potentials [weight units] of " + of + token_range(selection));
  draw_with_gnuplot(gnuplot_script(plot), output, {.width = 1200, .height = 900});
}

}  // namespace synfire
