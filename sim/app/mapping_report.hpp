// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/model_file.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"
#include "topology/mapping.hpp"
#include "topology/slice_traffic.hpp"

namespace synfire::app {

/// A mapping and what is foretold of it.
struct MappingReport {
  const Model& model;
  const Network& network;  ///< the model's, split to fit the chip
  const ChipDescription& chip;
  const RouterGraph& graph;
  const Mapping& mapping;
  std::string origin;          ///< placement with its seed, or file
  std::string traffic_source;  ///< assumed rate, or recording
  TrafficHops hops;            ///< of all `tokens`
  std::int64_t tokens = 1;
};

/// Traffic, then per neurocore in use what it holds against its capacities.
std::string mapping_table(const MappingReport& report);

/// The same as JSON: sizes in bits, traffic in packets x hops a token.
std::string mapping_json(const MappingReport& report);

}  // namespace synfire::app
