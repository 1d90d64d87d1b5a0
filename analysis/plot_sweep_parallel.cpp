// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "analysis/detail/plot_style.hpp"
#include "analysis/detail/sweep_selection.hpp"
#include "analysis/plot_sweep.hpp"
#include "analysis/sweep_levels.hpp"

namespace synfire {
namespace {

/// A vertical axis: where each row lies on it (0 to 1), and what stands beside it.
struct Axis {
  std::string name;
  std::vector<double> places;  ///< one for each of the rows
  std::vector<std::pair<double, std::string>> tics;
};

/// Levels of few values stand apart alike, whatever lies between them.
Axis parameter_axis(const SweepTable& table, const std::vector<std::size_t>& rows,
                    std::size_t parameter) {
  const std::string& key_path = table.header.parameters[parameter];
  Axis axis{.name = key_path.substr(key_path.rfind('.') + 1)};
  const SweepLevels levels(table, rows, parameter);
  const auto place = [&](std::size_t level) {
    return levels.count() == 1
               ? 0.5
               : static_cast<double>(level) / static_cast<double>(levels.count() - 1);
  };
  for (const std::size_t i : rows) {
    axis.places.push_back(place(levels.level_of(table.rows[i].values[parameter])));
  }
  for (std::size_t i = 0; i < levels.count(); ++i)
    axis.tics.emplace_back(place(i), levels.least(i));
  return axis;
}

Axis metric_axis(const SweepTable& table, const std::vector<std::size_t>& rows,
                 std::size_t metric) {
  const auto value = [&](std::size_t i) { return table.rows[i].metrics[metric]; };
  const auto [least, most] = std::ranges::minmax(rows, {}, value);
  const std::string& unit = table.header.metric_units[metric];
  const detail::AxisScale scale = detail::axis_scale(value(most), unit == "1" ? "" : unit);
  Axis axis{.name = detail::metric_label(table.header, metric)};
  if (!scale.unit.empty()) axis.name += " [" + scale.unit + "]";
  const double range = value(most) - value(least);
  for (const std::size_t i : rows) {
    axis.places.push_back(range == 0 ? 0.5 : (value(i) - value(least)) / range);
  }
  axis.tics = {{0, fmt::format("{:.4g}", value(least) * scale.factor)},
               {1, fmt::format("{:.4g}", value(most) * scale.factor)}};
  return axis;
}

/// One line a row, through all axes.
std::string lines(const char* name, const std::vector<Axis>& axes,
                  const std::vector<std::size_t>& which) {
  std::string data = fmt::format("${} << EOD\n", name);
  for (const std::size_t i : which) {
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
      data += fmt::format("{} {:.5g}\n", axis, axes[axis].places[i]);
    }
    data += "\n";
  }
  return data + "EOD\n";
}

std::string frame(const std::vector<Axis>& axes) {
  std::string script = "unset border\nunset ytics\nunset key\nset tmargin 6\nset bmargin 2\n";
  script += fmt::format("set xrange [-0.3:{:.2f}]\nset yrange [-0.05:1.1]\nunset xtics\n",
                        static_cast<double>(axes.size()) - 0.3);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    script += fmt::format("set arrow from {0},0 to {0},1 nohead lw 1 lc rgb '#444444' front\n", i);
    // Neighbouring names are at two heights, so that they do not touch.
    script += fmt::format("set label {} at {},{} center font ',6.5' noenhanced\n",
                          gnuplot_text(axes[i].name), i, i % 2 == 0 ? 1.06 : 1.12);
    for (const auto& [place, text] : axes[i].tics) {
      script += fmt::format("set label {} at {},{:.4g} left offset 0.4,0 font ',6' noenhanced\n",
                            gnuplot_text(text), i, place);
    }
  }
  return script;
}

}  // namespace

Figure plot_sweep_parallel(const SweepTable& table, const SweepSelection& selection) {
  const std::vector<std::size_t> rows = detail::selected_rows(table, selection);
  std::vector<Axis> axes;
  for (std::size_t i = 0; i < table.header.parameters.size(); ++i) {
    axes.push_back(parameter_axis(table, rows, i));
  }
  for (const std::size_t column : detail::objective_columns(table.header)) {
    axes.push_back(metric_axis(table, rows, column));
  }
  std::vector<std::size_t> front, beaten;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    (table.is_on_front[rows[i]] ? front : beaten).push_back(i);
  }
  std::string script =
      detail::plot_opening(
          detail::sweep_title(table, selection, rows.size()) + "; in red those on the Pareto front",
          "") +
      lines("front", axes, front) + lines("beaten", axes, beaten) + frame(axes) + "plot ";
  if (!beaten.empty()) {
    script +=
        fmt::format("$beaten using 1:2 with lines lw 0.5 lc rgb '{}', ", detail::faint_colour);
  }
  script += fmt::format("$front using 1:2 with lines lw 1 lc rgb '{}'\n", detail::accent_colour);
  return {.script = script, .data = to_csv(table) + "\n", .size = {.width = 182, .height = 95}};
}

}  // namespace synfire
