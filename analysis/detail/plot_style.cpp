// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/plot_style.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "sim/error.hpp"

namespace synfire::detail {

const char* plot_colour(std::size_t i) {
  constexpr std::array<const char*, 7> palette{"#0072B2", "#E69F00", "#009E73", "#CC79A7",
                                               "#56B4E9", "#D55E00", "#000000"};
  return palette[i % palette.size()];
}

std::string heat_palette(const std::string& label) {
  return "set palette defined (0 '#440154', 0.125 '#482878', 0.25 '#3e4a89', 0.375 '#31688e', "
         "0.5 '#26828e', 0.625 '#1f9e89', 0.75 '#35b779', 0.875 '#6ece58', 1 '#fde725')\n"
         "set cblabel " +
         gnuplot_text(label) + " noenhanced\nset cbtics out scale 0.5\n";
}

std::string plot_opening(const std::string& title, const std::string& note) {
  std::string opening = "set encoding utf8\nset label 100 " + gnuplot_text(title) +
                        " at screen 0.012, screen 1 offset 0,-1 left noenhanced\n"
                        "set border 3 lw 0.7\nset tics out nomirror scale 0.6\n"
                        "set key noenhanced samplen 1 spacing 1.05 width 0.5\n";
  if (!note.empty()) {
    opening += "set label 101 " + gnuplot_text(note) +
               fmt::format(" at screen 0.012, screen 1 offset 0,-2.1 left noenhanced tc rgb '{}'\n",
                           accent_colour);
  }
  return opening;
}

std::string plot_opening(const Recording& recording, const std::string& what) {
  return plot_opening(
      recording.path().filename().string() + " on " + recording.chip_name() + ": " + what,
      recording.is_complete()
          ? ""
          : fmt::format("The run was cut short: this is what was recorded, {} "
                        "token{} that ended.",
                        recording.token_count(), recording.token_count() == 1 ? "" : "s"));
}

AxisScale axis_scale(double largest, const std::string& unit) {
  constexpr std::array<const char*, 13> prefixes{"a", "f", "p", "n", "µ", "m", "",
                                                 "k", "M", "G", "T", "P", "E"};
  constexpr int plain = 6;
  if (!(largest > 0)) return {1, unit};
  const int thousands = std::clamp(static_cast<int>(std::floor(std::log10(largest) / 3)), -plain,
                                   static_cast<int>(prefixes.size()) - plain - 1);
  return {std::pow(1000.0, -thousands),
          prefixes[static_cast<std::size_t>(plain + thousands)] + unit};
}

double tic_step(double range, int count) {
  if (!(range > 0)) return 1;
  double step = std::pow(10, std::floor(std::log10(range / count)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (step * factor * count >= range) return step * factor;
  }
  return step * 10;
}

std::string axis_from_zero(char axis, double most, int tics) {
  return fmt::format("set {0}range [0:{1:.9g}]\nset {0}tics autofreq {2:.9g}\n", axis,
                     most > 0 ? most : 1, tic_step(most, tics));
}

std::string logarithmic_axis(char axis, double least, double most) {
  std::string tics;
  for (double power = std::pow(10, std::floor(std::log10(least))); power <= most; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      tics += fmt::format("{}{:.9g}", tics.empty() ? "" : ", ", power * factor);
    }
  }
  return fmt::format("set logscale {0}\nset {0}range [{1:.9g}:{2:.9g}]\nset {0}tics ({3})\n", axis,
                     least, most, tics);
}

std::string named_tics(const std::vector<std::string>& names) {
  std::string tics;
  for (std::size_t i = 0; i < names.size(); ++i) {
    tics += (i == 0 ? "" : ", ") + gnuplot_text(names[i]) + " " + std::to_string(i);
  }
  return tics;
}

std::string token_range(const PlotSelection& selection) {
  if (selection.first_token == 0 && selection.end_token == PlotSelection{}.end_token) return "";
  if (selection.end_token - selection.first_token == 1) {
    return fmt::format("token {}", selection.first_token);
  }
  return fmt::format("tokens {} to {}", selection.first_token, selection.end_token - 1);
}

std::vector<PopulationId> selected_populations(const Recording& recording,
                                               const PlotSelection& selection) {
  std::vector<PopulationId> result;
  for (const std::string& name : selection.populations) {
    const auto found = recording.find(name);
    if (!found) throw ConfigError("--population", "'" + name + "' is not in the recording");
    result.push_back(*found);
  }
  if (!selection.populations.empty()) return result;
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    result.push_back(PopulationId{i});
  }
  return result;
}

}  // namespace synfire::detail
