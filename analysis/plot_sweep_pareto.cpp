// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "analysis/detail/plot_style.hpp"
#include "analysis/detail/sweep_selection.hpp"
#include "analysis/plot_sweep.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr double wide = 8;  // ratio from which an axis is logarithmic

/// A metric along an axis.
struct Measure {
  std::size_t column = 0;
  double least = 0;
  double most = 0;
  detail::AxisScale scale;
  std::string label;
};

Measure measure_of(const SweepTable& table, const std::vector<std::size_t>& rows,
                   std::size_t column) {
  Measure measure{.column = column};
  const auto value = [&](std::size_t i) { return table.rows[i].metrics[column]; };
  const auto [least, most] = std::ranges::minmax(rows, {}, value);
  const std::string& unit = table.header.metric_units[column];
  measure.scale = detail::axis_scale(value(most), unit == "1" ? "" : unit);
  measure.least = value(least) * measure.scale.factor;
  measure.most = value(most) * measure.scale.factor;
  measure.label = detail::metric_label(table.header, column);
  if (!measure.scale.unit.empty()) measure.label += " [" + measure.scale.unit + "]";
  return measure;
}

/// Close to what is shown, so that small differences can be seen.
std::string axis_of(char axis, const Measure& measure) {
  if (measure.least > 0 && measure.most > wide * measure.least) {
    return detail::logarithmic_axis(axis, measure.least / 1.3, measure.most * 1.3);
  }
  const double room = std::max((measure.most - measure.least) * 0.08, measure.most * 1e-3);
  return fmt::format("set {}range [{:.9g}:{:.9g}]\nset {}tics {:.9g}\n", axis, measure.least - room,
                     measure.most + room, axis,
                     detail::tic_step(measure.most - measure.least + 2 * room, 6));
}

std::string block(const char* name, const SweepTable& table, std::vector<std::size_t> rows,
                  const Measure& x, const Measure& y, const Measure& colour) {
  const auto value = [&](std::size_t i, const Measure& measure) {
    return table.rows[i].metrics[measure.column] * measure.scale.factor;
  };
  std::ranges::stable_sort(rows, {}, [&](std::size_t i) { return value(i, x); });
  std::string data = fmt::format("${} << EOD\n", name);
  for (const std::size_t i : rows) {
    data += fmt::format("{:.9g} {:.9g} {:.9g}\n", value(i, x), value(i, y), value(i, colour));
  }
  return data + "EOD\n";
}

/// Of two objectives alone, the front is a line.
std::string plots(const std::optional<Measure>& colour, bool has_beaten) {
  const std::string beaten =
      has_beaten
          ? fmt::format("$beaten using 1:2{} with points pt 7 ps 0.35 {} title 'beaten', ",
                        colour ? ":3" : "",
                        colour ? "lc palette" : fmt::format("lc rgb '{}'", detail::plot_colour(4)))
          : "";
  const std::string line =
      colour ? ""
             : fmt::format("$front using 1:2 with steps lw 1.2 lc rgb '{}' notitle, ",
                           detail::accent_colour);
  const std::string rings = fmt::format(
      "$front using 1:2 with points pt 6 ps 1.1 lw 1.5 lc rgb '{}' title 'Pareto front'",
      detail::accent_colour);
  const std::string discs =
      colour ? "$front using 1:2:3 with points pt 7 ps 0.6 lc palette notitle, " : "";
  return "plot " + beaten + line + discs + rings + "\n";
}

}  // namespace

Figure plot_sweep_pareto(const SweepTable& table, const SweepSelection& selection) {
  const std::vector<std::size_t> rows = detail::selected_rows(table, selection);
  const std::vector<std::size_t> objectives = detail::objective_columns(table.header);
  const std::size_t first = objectives.front();
  const std::size_t second = objectives.size() > 1 ? objectives[1] : (first == 0 ? 1 : 0);
  const Measure x = measure_of(table, rows, second);
  const Measure y = measure_of(table, rows, first);
  std::optional<Measure> colour;
  if (objectives.size() > 2) colour = measure_of(table, rows, objectives[2]);
  std::vector<std::size_t> front, beaten;
  for (const std::size_t i : rows) (table.is_on_front[i] ? front : beaten).push_back(i);
  const Measure& shade = colour ? *colour : y;
  const bool is_wide = shade.least > 0 && shade.most > wide * shade.least;
  std::string script =
      detail::plot_opening(detail::sweep_title(table, selection, rows.size()), "") +
      block("front", table, front, x, y, shade) + block("beaten", table, beaten, x, y, shade) +
      axis_of('x', x) + axis_of('y', y) +
      fmt::format("set xlabel '{}'\nset ylabel '{}'\n", x.label, y.label) +
      "set key at graph 1, graph 1.12 right top horizontal Left reverse\nset tmargin 5\n";
  if (colour) {
    script += detail::heat_palette(colour->label) + (is_wide ? "set logscale cb\n" : "");
  }
  return {.script = script + plots(colour, !beaten.empty()),
          .data = to_csv(table) + "\n",
          .size = {.width = 140, .height = 90}};
}

}  // namespace synfire
