// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/plot.hpp"

namespace synfire::detail {

/// Colours that people with any colour vision tell apart, again from the start after the last.
/// Source  Okabe and Ito, Color Universal Design, 2008; without the yellow, which is faint on
/// white.
const char* plot_colour(std::size_t i);
inline constexpr const char* accent_colour = "#D55E00";  ///< vermilion: thresholds, fronts, notes
inline constexpr const char* faint_colour = "#bbbbbb";

/// `set palette` and its colour bar for heat maps: viridis, whose lightness grows with the value.
/// Source  van der Walt and Smith, matplotlib 2.0, 2016.
std::string heat_palette(const std::string& label);

/// What is shown, at the upper left; below it, if the run was cut short, a note that says so. Sets
/// the margins of the top; then frame and tics.
std::string plot_opening(const Recording& recording, const std::string& what);
std::string plot_opening(const std::string& title, const std::string& note);

/// Factor and unit that bring `largest` between 1 and 1000, for example 1e6 and `µs`.
struct AxisScale {
  double factor = 1;
  std::string unit;
};
AxisScale axis_scale(double largest, const std::string& unit);

/// 1, 2 or 5 times a power of ten, so that `range` takes at most `count` such steps.
double tic_step(double range, int count);

/// `set xtics` or `ytics` of an axis from `least` to `most`: linear, or logarithmic with tics at 1,
/// 2 and 5 times powers of ten.
std::string axis_from_zero(char axis, double most, int tics);
std::string logarithmic_axis(char axis, double least, double most);

/// A line of tics with names at 0, 1, 2, ..., for `set ytics`.
std::string named_tics(const std::vector<std::string>& names);

/// `tokens 3 to 7`, `token 3`, or nothing for all.
std::string token_range(const PlotSelection& selection);

/// The selected populations in order of the network; throws ConfigError for a name that is none of
/// them.
std::vector<PopulationId> selected_populations(const Recording& recording,
                                               const PlotSelection& selection);

}  // namespace synfire::detail
