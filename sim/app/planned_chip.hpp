// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/summary.hpp"
#include "models/model_file.hpp"
#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"
#include "topology/mapping.hpp"

namespace synfire::app {

/// A chip with a model mapped onto it, and its faults drawn: ready to be simulated.
struct PlannedChip {
  ChipDescription description;
  RouterGraph graph;
  Mapping mapping;
  Network network;  ///< what the chip runs: the model's, or that with flipped bits
  std::optional<FaultSummary> faults;
};

/// Reads a chip (preset or file, with overrides), maps the model and draws the faults; whatever
/// cannot be used is found here, before anything runs.
///
/// Throws  ConfigError, IoError, MappingError.
PlannedChip plan_chip(const Model& model, const std::string& chip,
                      const std::vector<std::string>& overrides);

}  // namespace synfire::app
