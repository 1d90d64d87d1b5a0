// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <sstream>

#include <fmt/format.h>

#include "analysis/csv_writer.hpp"
#include "analysis/detail/plot_style.hpp"
#include "analysis/layer_energies.hpp"
#include "analysis/pareto.hpp"
#include "analysis/plot.hpp"
#include "analysis/summary.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::size_t most_names = 24;  // more would cover each other
constexpr double wide = 8;              // ratio from which an axis is logarithmic

std::vector<bool> front_of(std::span<const ParetoPoint> points) {
  std::vector<Costs> costs;
  for (const ParetoPoint& point : points) costs.push_back({point.latency, point.energy});
  return on_pareto_front(costs);
}

std::string data_of(std::span<const ParetoPoint> points, const std::vector<bool>& front) {
  std::ostringstream text;
  CsvWriter csv(text, {"name", "chip", "latency_s_per_token", "energy_j_per_token", "is_on_front"});
  for (std::size_t i = 0; i < points.size(); ++i) {
    csv.row(points[i].name, points[i].chip, points[i].latency, points[i].energy, bool(front[i]));
  }
  return text.str();
}

/// Where an axis begins and ends, with room for names.
std::string axis_of(char axis, double least, double most) {
  if (most > wide * least && least > 0) {
    return detail::logarithmic_axis(axis, least / 1.6, most * 2.2);
  }
  return detail::axis_from_zero(axis, most * 1.25, 6);
}

std::string block(const char* name, std::span<const ParetoPoint> points,
                  const std::vector<std::size_t>& which, double latency, double energy) {
  std::string data = fmt::format("${} << EOD\n", name);
  for (const std::size_t i : which) {
    data += fmt::format("{:.9g} {:.9g} \"{}\"\n", points[i].latency * latency,
                        points[i].energy * energy, i);
  }
  return data + "EOD\n";
}

std::string labels(std::span<const ParetoPoint> points, double latency, double energy) {
  if (points.size() > most_names) return "";
  std::string script;
  for (std::size_t i = 0; i < points.size(); ++i) {
    script += fmt::format("set label {} {} at {:.9g},{:.9g} left offset 0.8,0.5 noenhanced\n",
                          i + 1, gnuplot_text(points[i].name), points[i].latency * latency,
                          points[i].energy * energy);
  }
  return script;
}

std::string script_of(std::span<const ParetoPoint> points, const std::vector<bool>& front) {
  std::vector<std::size_t> on_front, beaten;
  for (std::size_t i = 0; i < points.size(); ++i) (front[i] ? on_front : beaten).push_back(i);
  std::ranges::stable_sort(on_front, {}, [&](std::size_t i) { return points[i].latency; });
  const auto [quickest, slowest] = std::ranges::minmax(points, {}, &ParetoPoint::latency);
  const auto [thriftiest, costliest] = std::ranges::minmax(points, {}, &ParetoPoint::energy);
  const detail::AxisScale latency = detail::axis_scale(slowest.latency, "s");
  const detail::AxisScale energy = detail::axis_scale(costliest.energy, "J");
  std::string script =
      block("front", points, on_front, latency.factor, energy.factor) +
      block("beaten", points, beaten, latency.factor, energy.factor) +
      labels(points, latency.factor, energy.factor) +
      axis_of('x', quickest.latency * latency.factor, slowest.latency * latency.factor) +
      axis_of('y', thriftiest.energy * energy.factor, costliest.energy * energy.factor) +
      fmt::format(
          "set xlabel 'latency [{} per token]'\nset ylabel 'energy [{} per token]'\n"
          "set key at graph 1, graph 1.12 right top horizontal Left reverse\nset tmargin 5\nset "
          "rmargin 3\nplot ",
          latency.unit, energy.unit);
  if (!beaten.empty()) {
    script += fmt::format(
        "$beaten using 1:2 with points pt 7 ps 0.6 lc rgb '{}' title 'beaten by "
        "another in both', ",
        detail::plot_colour(4));
  }
  return script + fmt::format(
                      "$front using 1:2 with steps lw 1.2 lc rgb '{0}' notitle, $front using 1:2 "
                      "with points pt 7 ps 0.8 lc rgb '{0}' title 'Pareto front'\n",
                      detail::accent_colour);
}

}  // namespace

ParetoPoint pareto_point(const Recording& recording) {
  const std::vector<RecordedToken> tokens = recording.tokens();
  if (tokens.empty()) {
    throw ConfigError(recording.path().string(),
                      "holds no token that reached the host, so there is nothing per token");
  }
  TimePoint first = TimePoint::max();
  TimePoint last = TimePoint::min();
  for (const RecordedToken& token : tokens) {
    first = std::min(first, token.injected);
    last = std::max(last, token.finished);
  }
  const auto count = static_cast<std::int64_t>(tokens.size());
  return {.name = recording.path().stem().string(),
          .chip = recording.chip_name(),
          .latency = seconds((last - first) / count),
          .energy = layer_energies(recording).total().in_joules() / static_cast<double>(count)};
}

Figure plot_pareto(std::span<const ParetoPoint> points) {
  if (points.empty()) throw ConfigError("pareto", "no runs to compare");
  const std::vector<bool> front = front_of(points);
  const std::string what = fmt::format("{} runs; lower and further left is better", points.size());
  return {.script = detail::plot_opening(what, "") + script_of(points, front),
          .data = data_of(points, front),
          .size = {.width = 120, .height = 90}};
}

}  // namespace synfire
