// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include <fmt/format.h>

#include "analysis/csv_writer.hpp"
#include "analysis/detail/plot_style.hpp"
#include "analysis/detail/sweep_selection.hpp"
#include "analysis/plot_sweep.hpp"
#include "analysis/sweep_levels.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

/// Two parameters: those that are selected, or those that decide the metric most.
std::pair<std::size_t, std::size_t> axes_of(const SweepTable& table,
                                            const std::vector<std::size_t>& rows,
                                            const SweepSelection& selection, std::size_t metric) {
  const SweepHeader& header = table.header;
  if (header.parameters.size() < 2) {
    throw ConfigError("heatmap", "the sweep has one parameter; a map needs two");
  }
  if (!selection.parameters.empty()) {
    if (selection.parameters.size() != 2 || selection.parameters[0] == selection.parameters[1]) {
      throw ConfigError("--parameter", "a heat map has two different ones; give --parameter twice");
    }
    return {detail::parameter_place(header, selection.parameters[0]),
            detail::parameter_place(header, selection.parameters[1])};
  }
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < header.parameters.size(); ++i) {
    order.emplace_back(-sensitivity(table, rows, i, metric), i);
  }
  std::ranges::sort(order);
  return {order[0].second, order[1].second};
}

std::string tics(const SweepLevels& levels) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < levels.count(); ++i) names.push_back(levels.name(i));
  return detail::named_tics(names);
}

}  // namespace

Figure plot_sweep_heatmap(const SweepTable& table, const SweepSelection& selection) {
  const SweepHeader& header = table.header;
  const std::vector<std::size_t> rows = detail::selected_rows(table, selection);
  const std::size_t metric = detail::metric_column(
      header, selection.metric.empty() ? header.objectives.front() : selection.metric);
  const auto [x, y] = axes_of(table, rows, selection, metric);
  const SweepLevels columns(table, rows, x);
  const SweepLevels lines(table, rows, y);
  const bool is_maximised = detail::is_maximised(header, metric);
  std::vector<double> best(columns.count() * lines.count(),
                           std::numeric_limits<double>::quiet_NaN());
  for (const std::size_t i : rows) {
    const SweepRow& row = table.rows[i];
    const double value = row.metrics[metric];
    double& cell =
        best[lines.level_of(row.values[y]) * columns.count() + columns.level_of(row.values[x])];
    if (std::isnan(cell) || (is_maximised ? value > cell : value < cell)) cell = value;
  }
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  for (const double value : best) {
    if (std::isnan(value)) continue;
    least = std::min(least, value);
    most = std::max(most, value);
  }
  const double middle = (least + most) / 2;  // numbers are dark on what is bright
  const std::string& unit = header.metric_units[metric];
  const detail::AxisScale scale = detail::axis_scale(most, unit == "1" ? "" : unit);
  std::ostringstream text;
  CsvWriter csv(text, {header.parameters[x], header.parameters[y], header.metrics[metric]});
  std::string data = "$cells << EOD\n";
  for (std::size_t i = 0; i < best.size(); ++i) {
    if (std::isnan(best[i])) continue;
    csv.row(columns.name(i % columns.count()), lines.name(i / columns.count()), best[i]);
    data += fmt::format("{} {} {:.9g}\n", i % columns.count(), i / columns.count(),
                        best[i] * scale.factor);
  }
  const std::string label =
      detail::metric_label(header, metric) + (scale.unit.empty() ? "" : " [" + scale.unit + "]");
  const std::string script =
      detail::plot_opening(
          detail::sweep_title(table, selection, rows.size()) + "; the best chip of each cell", "") +
      data + "EOD\n" + detail::heat_palette(label) + "set xtics (" + tics(columns) +
      ") noenhanced\nset ytics (" + tics(lines) + ") noenhanced" +
      fmt::format("\nset xlabel {} noenhanced\nset ylabel {} noenhanced\n",
                  gnuplot_text(header.parameters[x]), gnuplot_text(header.parameters[y])) +
      fmt::format("set xrange [-0.5:{}]\nset yrange [-0.5:{}]\nunset key\nset tmargin 3.5\n",
                  static_cast<double>(columns.count()) - 0.5,
                  static_cast<double>(lines.count()) - 0.5) +
      fmt::format("middle = {:.9g}\n", middle * scale.factor) +
      "plot $cells using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 with boxxyerror fs solid "
      "noborder fc palette, $cells using 1:($3<=middle?$2:1/0):(sprintf('%.4g',$3)) with labels "
      "font ',6.5' textcolor rgb '#ffffff', $cells using 1:($3>middle?$2:1/0):(sprintf('%.4g',$3)) "
      "with labels font ',6.5' textcolor rgb '#000000'\n";
  return {.script = script, .data = text.str(), .size = {.width = 140, .height = 90}};
}

}  // namespace synfire
