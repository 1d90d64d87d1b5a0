// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/recording.hpp"
#include "models/model_file.hpp"

namespace synfire {

/// What to show of a recording.
struct PlotSelection {
  std::uint32_t first_token = 0;
  std::uint32_t end_token = 4;           ///< exclusive
  std::vector<std::string> populations;  ///< empty: all that were recorded
};

/// Each draws one picture, SVG or PNG by the ending of `output` (see gnuplot.hpp for errors).
/// Throws  ConfigError if the selection holds nothing, or too much to be seen.

/// Spikes over hardware time.
void plot_raster(const Recording& recording, const PlotSelection& selection,
                 const std::filesystem::path& output);

/// Energy by layer and component, and by action; the recorded counts priced by the recorded chip.
void plot_energy(const Recording& recording, const std::filesystem::path& output);

/// Recorded potentials, one panel a neuron; thresholds come from `model` unless it is null.
void plot_membrane(const Recording& recording, const PlotSelection& selection, const Model* model,
                   const std::filesystem::path& output);

}  // namespace synfire
