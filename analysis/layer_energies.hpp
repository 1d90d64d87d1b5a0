// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "analysis/energy.hpp"
#include "analysis/recording.hpp"

namespace synfire {

/// Dynamic energy of a recorded run by layer and action, and its static energy, at the prices of
/// the recorded chip.
struct LayerEnergies {
  struct Layer {
    std::string name;
    std::array<Energy, action_kinds> by_action{};
  };
  std::vector<Layer> layers;  ///< in order of their first slices
  StaticEnergy leakage;       ///< over `time`
  Duration time{};            ///< of the run; if it was killed, until its counts were last noted

  Energy dynamic() const;
  Energy total() const { return dynamic() + leakage.total(); }
};

/// Of a run that was killed: what had been noted until then (Recording::layer_actions).
///
/// Throws  ConfigError if nothing was noted; as Recording::chip.
LayerEnergies layer_energies(const Recording& recording);

/// CSV: layer, component, action, energy_j; what costs nothing has no row. Static energy last.
std::string to_csv(const LayerEnergies& energies);

}  // namespace synfire
