// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/summary.hpp"
#include "models/model_file.hpp"
#include "neurons/network.hpp"
#include "sim/app/mapping_options.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"
#include "topology/mapping.hpp"
#include "topology/neuron_traffic.hpp"

namespace synfire::app {

/// A chip with a model mapped onto it, and its faults drawn: ready to be simulated.
struct PlannedChip {
  ChipDescription description;
  RouterGraph graph;
  Mapping mapping;
  Network network;  ///< what the chip runs: the model's, split to fit, perhaps with flipped bits
  std::optional<FaultSummary> faults;
};

/// Reads a chip (preset or file, with overrides), maps the model and draws the faults; whatever
/// cannot be used is found here, before anything runs.
///
/// Throws  ConfigError, IoError, MappingError.
PlannedChip plan_chip(const Model& model, const std::string& chip,
                      const std::vector<std::string>& overrides,
                      const MappingOptions& mapping = {});

/// The traffic that a placement is made for: assumed, or of the recording that the options name.
/// Throws  IoError as recorded_traffic.
NeuronTraffic placement_traffic(const Network& network, const MappingOptions& options);

/// A network that fits the neurocores of a chip (split_fan_in), and where it lies there.
struct MappedNetwork {
  Network network;
  Mapping mapping;
};

/// The mapping that the options ask for. Throws  ConfigError, IoError, MappingError.
MappedNetwork map_model(const Model& model, const ChipDescription& chip,
                        const MappingOptions& options);

}  // namespace synfire::app
