// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/gnuplot.hpp"
#include "analysis/recording.hpp"
#include "models/model_file.hpp"

namespace synfire {

/// What to show of a recording.
struct PlotSelection {
  std::uint32_t first_token = 0;
  std::uint32_t end_token = 0xffffffffU;  ///< exclusive
  std::vector<std::string> populations;   ///< empty: all that were recorded

  bool has(std::uint32_t token) const { return token >= first_token && token < end_token; }
};

/// A picture for a publication: how it is drawn, and the numbers behind it.
struct Figure {
  std::string script;  ///< for draw_with_gnuplot
  std::string data;    ///< CSV (csv_writer.hpp), one row for each thing that is drawn
  PictureSize size;
};

/// Each makes one figure of what was recorded, also of a run that was cut short; the figure says so
/// then. Colours are Okabe and Ito's, those of heat maps viridis (plot_style.hpp).
///
/// Throws  ConfigError if the selection holds nothing, names what was not recorded, or is more than
///         can be seen; IoError for a damaged recording.

/// Spikes over hardware time, populations as bands.
Figure plot_raster(const Recording& recording, const PlotSelection& selection);

/// Recorded potentials, one panel a neuron; thresholds come from `model` unless it is null.
Figure plot_membrane(const Recording& recording, const PlotSelection& selection,
                     const Model* model);

/// Energy by layer and component, and by action; the recorded counts priced by the recorded chip.
Figure plot_energy(const Recording& recording);

/// Latency of every token, and the time that layers worked on a token (token_spans.hpp).
Figure plot_latency(const Recording& recording, const PlotSelection& selection);

/// Firing rate and silent neurons by population (firing_rates.hpp).
Figure plot_sparsity(const Recording& recording, const PlotSelection& selection);

/// Utilisation of the busiest links over time, and of every router's busiest link
/// (link_utilisation.hpp).
Figure plot_traffic(const Recording& recording, const PlotSelection& selection);

/// One run or candidate among several.
struct ParetoPoint {
  std::string name;
  std::string chip;
  double latency = 0;  ///< s a token
  double energy = 0;   ///< J a token
};

/// What a recorded run took for each of its tokens; throws ConfigError if it has none.
ParetoPoint pareto_point(const Recording& recording);

/// Energy against latency; candidates that no other beats in both are joined.
Figure plot_pareto(std::span<const ParetoPoint> points);

}  // namespace synfire
