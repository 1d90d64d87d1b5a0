// SPDX-License-Identifier: Apache-2.0
#include "sim/app/planned_chip.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include "analysis/recorded_traffic.hpp"
#include "sim/app/support.hpp"
#include "topology/faults.hpp"
#include "topology/mapping_file.hpp"
#include "topology/placement.hpp"
#include "topology/topologies.hpp"

namespace synfire::app {

NeuronTraffic placement_traffic(const Network& network, const MappingOptions& options) {
  return options.traffic.empty() ? assumed_traffic(network)
                                 : recorded_traffic(Recording(options.traffic), network);
}

Mapping plan_mapping(const Model& model, const ChipDescription& chip,
                     const MappingOptions& options) {
  const std::uint32_t context = model.context();
  PlacementOptions placement;
  placement.strategy = placement_from_string(options.placement);
  placement.seed = static_cast<std::uint64_t>(
      checked_count("--placement-seed", options.seed, 0, std::numeric_limits<std::int64_t>::max()));
  if (!options.mapping.empty()) {
    return read_mapping(options.mapping, model.network, chip, context);
  }
  Mapping linear = map_network(model.network, chip, context);
  if (placement.strategy == PlacementStrategy::linear) return linear;
  return place_slices(model.network, chip, context, linear,
                      placement_traffic(model.network, options), placement);
}

PlannedChip plan_chip(const Model& model, const std::string& chip,
                      const std::vector<std::string>& overrides, const MappingOptions& options) {
  ChipDescription description = load_chip(chip, overrides);
  const std::uint32_t context = model.context();
  Mapping mapping = plan_mapping(model, description, options);
  FlipReport flips;
  Network network = with_bit_flips(model.network, description, context, flips);
  RouterGraph graph = build_graph(description);
  const FaultModel faults(description.faults, graph, network, mapping);
  std::optional<FaultSummary> summary;
  if (description.faults.any()) {
    summary = {description.faults, injected_faults(faults, flips, graph, network)};
  }
  return {std::move(description), std::move(graph), std::move(mapping), std::move(network),
          std::move(summary)};
}

}  // namespace synfire::app
