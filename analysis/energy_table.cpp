// SPDX-License-Identifier: Apache-2.0
#include "analysis/energy_table.hpp"

#include <utility>

#include <fmt/format.h>

#include "analysis/summary.hpp"

namespace synfire {
namespace {

std::string share_line(std::string_view name, Energy part, Energy whole) {
  const double share = whole == Energy{} ? 0 : part.in_joules() / whole.in_joules();
  return fmt::format("    {:<34}{:>12}{:>8.1f} %\n", name, engineering(part.in_joules(), "J"),
                     100 * share);
}

}  // namespace

std::string energy_table(const EnergyReport& energy) {
  const Energy total = energy.total();
  std::string text = share_line("total", total, total);
  text += share_line("static power x time", energy.leakage.total(), total);
  for (const auto& [name, part] : {std::pair{"  of chips", energy.leakage.chips},
                                   std::pair{"  of routers", energy.leakage.routers},
                                   std::pair{"  of neurocores", energy.leakage.neurocores}}) {
    if (part != Energy{}) text += share_line(name, part, total);
  }
  text += "  by component\n";
  for (std::size_t i = 0; i < component_kinds; ++i) {
    text += share_line(to_string(static_cast<ComponentKind>(i)), energy.by_component[i], total);
  }
  text += "  by action\n";
  for (std::size_t i = 0; i < action_kinds; ++i) {
    if (energy.by_action[i] == Energy{}) continue;
    text += share_line(to_string(static_cast<Action>(i)), energy.by_action[i], total);
  }
  text += "  by layer\n";
  for (const NamedEnergy& layer : energy.by_layer) {
    text += share_line(layer.name, layer.energy, total);
  }
  return text;
}

}  // namespace synfire
