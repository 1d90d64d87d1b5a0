// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "neurons/network.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire::app {

/// What `--record potentials:POPULATION[i:j]` asks for: neurons i to j-1; without brackets all.
///
/// Throws  ConfigError `--record` for another form, an unknown population, one without membranes,
///         or a range that is empty or beyond the population.
SimulationOptions::PotentialRequest parse_record_request(const std::string& text,
                                                         const Network& network);

}  // namespace synfire::app
