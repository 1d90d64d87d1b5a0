// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/energy.hpp"

namespace synfire {

/// A spike as a dot: when (in the plot's time unit) and which neuron of its population.
struct RasterDot {
  double time = 0;
  std::uint32_t neuron = 0;
};

struct RasterBand {
  std::string population;
  std::uint32_t size = 0;  ///< neurons
  std::vector<RasterDot> dots;
};

/// Populations stacked upwards in the order given, spikes over hardware time.
struct RasterPlot {
  std::string title;
  std::string time_unit = "us";
  std::vector<RasterBand> bands;
};

/// Energy of each layer by component, and of the whole run by action.
struct EnergyPlot {
  struct Layer {
    std::string name;
    std::array<double, component_kinds> joules{};
  };
  std::string title;
  std::vector<Layer> layers;
  std::vector<NamedEnergy> actions;  ///< drawn largest first
};

/// One panel a neuron: potential after each time step, threshold, if known, as a dashed line.
struct MembranePlot {
  struct Trace {
    std::string neuron;
    std::optional<double> threshold;
    std::vector<double> token;      ///< token + step / T
    std::vector<double> potential;  ///< weight units
  };
  std::string title;
  std::vector<Trace> traces;
};

/// Gnuplot scripts without terminal and output; colours are Okabe and Ito's (2008), which people
/// with any colour vision tell apart.
std::string gnuplot_script(const RasterPlot& plot);
std::string gnuplot_script(const EnergyPlot& plot);
std::string gnuplot_script(const MembranePlot& plot);

}  // namespace synfire
