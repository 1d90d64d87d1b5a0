// SPDX-License-Identifier: Apache-2.0
#include "analysis/energy_json.hpp"

#include <string>
#include <vector>

namespace synfire {
namespace {

using Json = nlohmann::ordered_json;

Json named_json(const std::vector<NamedEnergy>& parts) {
  Json object = Json::object();
  for (const NamedEnergy& part : parts) object[part.name] = part.energy.in_joules();
  return object;
}

}  // namespace

Json energy_json(const EnergyReport& energy) {
  Json actions = Json::object();
  Json components = Json::object();
  for (std::size_t i = 0; i < action_kinds; ++i) {
    actions[std::string(to_string(static_cast<Action>(i)))] = energy.by_action[i].in_joules();
  }
  for (std::size_t i = 0; i < component_kinds; ++i) {
    components[std::string(to_string(static_cast<ComponentKind>(i)))] =
        energy.by_component[i].in_joules();
  }
  return {{"total", energy.total().in_joules()},
          {"dynamic", energy.dynamic.in_joules()},
          {"static", energy.leakage.total().in_joules()},
          {"static_by_part",
           {{"chips", energy.leakage.chips.in_joules()},
            {"routers", energy.leakage.routers.in_joules()},
            {"neurocores", energy.leakage.neurocores.in_joules()}}},
          {"by_component", components},
          {"by_action", actions},
          {"by_layer", named_json(energy.by_layer)},
          {"by_population", named_json(energy.by_population)}};
}

}  // namespace synfire
