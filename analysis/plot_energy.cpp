// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "analysis/detail/plot_style.hpp"
#include "analysis/layer_energies.hpp"
#include "analysis/plot.hpp"
#include "analysis/summary.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

using Layer = LayerEnergies::Layer;
using Joules = std::array<double, component_kinds>;

Joules by_component(const Layer& layer) {
  Joules joules{};
  for (std::size_t i = 0; i < action_kinds; ++i) {
    joules[static_cast<std::size_t>(component_of(static_cast<Action>(i)))] +=
        layer.by_action[i].in_joules();
  }
  return joules;
}

/// Those that cost anything, largest first.
std::vector<NamedEnergy> by_action(const LayerEnergies& energies) {
  std::vector<NamedEnergy> actions;
  for (std::size_t i = 0; i < action_kinds; ++i) {
    NamedEnergy action{std::string(to_string(static_cast<Action>(i))), {}};
    for (const Layer& layer : energies.layers) action.energy += layer.by_action[i];
    if (action.energy != Energy{}) actions.push_back(action);
  }
  std::ranges::stable_sort(actions, std::ranges::greater{}, &NamedEnergy::energy);
  return actions;
}

/// Bars of one component: where on the axis each begins and ends, and in which row.
std::string layer_bars(const LayerEnergies& energies, std::size_t component, double factor) {
  std::string data = fmt::format("$component{} << EOD\n", component);
  for (std::size_t row = 0; row < energies.layers.size(); ++row) {
    const Joules joules = by_component(energies.layers[row]);
    double begin = 0;
    for (std::size_t i = 0; i < component; ++i) begin += joules[i];
    data += fmt::format("{:.9g} {:.9g} {}\n", begin * factor, (begin + joules[component]) * factor,
                        row);
  }
  return data + "EOD\n";
}

/// For example `94.5 nJ`.
std::string short_energy(double joules) {
  const detail::AxisScale scale = detail::axis_scale(joules, "J");
  return fmt::format("{:.3g} {}", joules * scale.factor, scale.unit);
}

std::string action_bars(const std::vector<NamedEnergy>& actions, double factor) {
  std::string data = "$actions << EOD\n";
  for (std::size_t row = 0; row < actions.size(); ++row) {
    const double joules = actions[row].energy.in_joules();
    data += fmt::format("0 {:.9g} {} \"{}\"\n", joules * factor, row, short_energy(joules));
  }
  return data + "EOD\n";
}

std::string layer_panel(const LayerEnergies& energies, const detail::AxisScale& scale) {
  std::vector<std::string> names;
  for (const Layer& layer : energies.layers) names.push_back(layer.name);
  std::string script = fmt::format(
      "set lmargin at screen 0.14\nset rmargin at screen 0.53\nset xlabel 'energy [{}]'\n"
      "set yrange [{}:-0.6]\nset ytics noenhanced scale 0 font ',7' ({})\n"
      "set style fill solid noborder\nset key at graph 0, graph 1 left bottom horizontal Left "
      "reverse font ',7' samplen 0.6\nplot ",
      scale.unit, static_cast<double>(names.size()) - 0.4, detail::named_tics(names));
  const char* separator = "";
  for (std::size_t i = 0; i < component_kinds; ++i) {
    const auto spends = [i](const Layer& layer) { return by_component(layer)[i] > 0; };
    if (std::ranges::none_of(energies.layers, spends)) continue;
    std::string name(to_string(static_cast<ComponentKind>(i)));
    std::ranges::replace(name, '_', ' ');
    script += fmt::format(
        "{}$component{} using 1:3:1:2:($3-0.38):($3+0.38) with boxxyerror lc rgb '{}' title {}",
        separator, i, detail::plot_colour(i), gnuplot_text(name));
    separator = ", ";
  }
  return script + "\nunset label 100\nunset label 101\n";
}

std::string action_panel(const std::vector<NamedEnergy>& actions, const detail::AxisScale& scale) {
  std::vector<std::string> names;
  for (const NamedEnergy& action : actions) {
    names.push_back(action.name);
    std::ranges::replace(names.back(), '_', ' ');
  }
  const Energy most = actions.front().energy;
  return fmt::format(
      "set lmargin at screen 0.76\nset rmargin at screen 0.92\nset xlabel 'energy [{}]'\n"
      "{}set yrange [{}:-0.6]\nset ytics noenhanced scale 0 font ',7' ({})\n"
      "unset key\n"
      "plot $actions using 1:3:1:2:($3-0.38):($3+0.38) with boxxyerror lc rgb '{}', "
      "$actions using 2:3:4 with labels left offset 0.5,0 font ',7'\n",
      scale.unit, detail::axis_from_zero('x', most.in_joules() * scale.factor, 3),
      static_cast<double>(names.size()) - 0.4, detail::named_tics(names), detail::plot_colour(4));
}

std::string script_of(const LayerEnergies& energies, double height) {
  double largest = 0;
  for (const Layer& layer : energies.layers) {
    double sum = 0;
    for (const double joules : by_component(layer)) sum += joules;
    largest = std::max(largest, sum);
  }
  const std::vector<NamedEnergy> actions = by_action(energies);
  const detail::AxisScale layer_scale = detail::axis_scale(largest, "J");
  const detail::AxisScale action_scale =
      detail::axis_scale(actions.front().energy.in_joules(), "J");
  std::string script;
  for (std::size_t i = 0; i < component_kinds; ++i) {
    script += layer_bars(energies, i, layer_scale.factor);
  }
  return script + action_bars(actions, action_scale.factor) +
         fmt::format("set multiplot\nset tmargin at screen {:.3f}\nset bmargin at screen {:.3f}\n",
                     1 - 17 / height, 13 / height) +
         layer_panel(energies, layer_scale) + action_panel(actions, action_scale) +
         "unset multiplot\n";
}

}  // namespace

Figure plot_energy(const Recording& recording) {
  const LayerEnergies energies = layer_energies(recording);
  if (energies.dynamic() == Energy{}) {
    throw ConfigError("energy", "nothing was done that costs anything; run some tokens");
  }
  const std::string what = fmt::format("{} dynamic, by layer and by action; {} static beside it",
                                       engineering(energies.dynamic().in_joules(), "J"),
                                       engineering(energies.leakage.total().in_joules(), "J"));
  constexpr double height_of_row = 4.5;
  const std::size_t rows = std::max(energies.layers.size(), by_action(energies).size());
  const double height = std::max(70.0, 30 + height_of_row * static_cast<double>(rows));
  return {.script = detail::plot_opening(recording, what) + script_of(energies, height),
          .data = to_csv(energies),
          .size = {.height = height}};
}

}  // namespace synfire
