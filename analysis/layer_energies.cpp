// SPDX-License-Identifier: Apache-2.0
#include "analysis/layer_energies.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "analysis/csv_writer.hpp"
#include "analysis/layers.hpp"
#include "sim/error.hpp"
#include "topology/operating_point.hpp"

namespace synfire {
namespace {

using Counted = std::vector<std::pair<std::string, ActionCounts>>;

ActionCounts& counts_of(Counted& layers, const std::string& name) {
  auto found = std::ranges::find(layers, name, &Counted::value_type::first);
  if (found == layers.end()) found = layers.insert(layers.end(), {name, {}});
  return found->second;
}

Counted counted_until_the_end(const Recording& recording, const SimulationTotals& totals) {
  const std::vector<std::string> names = layers_of(recording);
  Counted layers;
  for (std::size_t slice = 0; slice < totals.slices.size(); ++slice) {
    counts_of(layers, names[index(recording.slices()[slice].population)]) += totals.slices[slice];
  }
  return layers;
}

Counted counted_until_the_kill(const Recording& recording,
                               const std::vector<RecordedLayerActions>& rows) {
  Counted layers;
  const std::vector<std::string> names = recording.layer_names();
  for (const RecordedLayerActions& row : rows) {
    for (std::size_t i = 0; i < names.size(); ++i) counts_of(layers, names[i]) += row.layers[i];
  }
  return layers;
}

}  // namespace

Energy LayerEnergies::dynamic() const {
  Energy sum;
  for (const Layer& layer : layers) {
    for (const Energy& energy : layer.by_action) sum += energy;
  }
  return sum;
}

LayerEnergies layer_energies(const Recording& recording) {
  LayerEnergies energies;
  Counted counted;
  if (const std::optional<SimulationTotals> totals = recording.totals()) {
    counted = counted_until_the_end(recording, *totals);
    energies.time = totals->now.time_since_epoch();
  } else {
    const std::vector<RecordedLayerActions> rows = recording.layer_actions();
    if (rows.empty()) {
      throw ConfigError(recording.path().string(),
                        "holds no counts to price: the run was killed before its first token "
                        "ended; run it again");
    }
    counted = counted_until_the_kill(recording, rows);
    energies.time = rows.back().time.time_since_epoch();
  }
  const ChipDescription chip = at_operating_point(recording.chip());
  for (const auto& [name, counts] : counted) {
    LayerEnergies::Layer layer{.name = name, .by_action = {}};
    for (std::size_t i = 0; i < action_kinds; ++i) {
      layer.by_action[i] = price(counts, static_cast<Action>(i), chip);
    }
    energies.layers.push_back(std::move(layer));
  }
  energies.leakage = static_energy(chip, energies.time);
  return energies;
}

std::string to_csv(const LayerEnergies& energies) {
  std::ostringstream text;
  CsvWriter csv(text, {"layer", "component", "action", "energy_j"});
  for (const LayerEnergies::Layer& layer : energies.layers) {
    for (std::size_t i = 0; i < action_kinds; ++i) {
      const auto action = static_cast<Action>(i);
      if (layer.by_action[i] == Energy{}) continue;
      csv.row(layer.name, to_string(component_of(action)), to_string(action),
              layer.by_action[i].in_joules());
    }
  }
  csv.row("", "static", "chips", energies.leakage.chips.in_joules());
  csv.row("", "static", "routers", energies.leakage.routers.in_joules());
  csv.row("", "static", "neurocores", energies.leakage.neurocores.in_joules());
  return text.str();
}

}  // namespace synfire
