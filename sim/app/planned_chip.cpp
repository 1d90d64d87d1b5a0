// SPDX-License-Identifier: Apache-2.0
#include "sim/app/planned_chip.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include "analysis/recorded_traffic.hpp"
#include "sim/app/support.hpp"
#include "topology/fan_in.hpp"
#include "topology/faults.hpp"
#include "topology/mapping_file.hpp"
#include "topology/placement.hpp"
#include "topology/topologies.hpp"

namespace synfire::app {

NeuronTraffic placement_traffic(const Network& network, const MappingOptions& options) {
  return options.traffic.empty() ? assumed_traffic(network)
                                 : recorded_traffic(Recording(options.traffic), network);
}

MappedNetwork map_model(const Model& model, const ChipDescription& chip,
                        const MappingOptions& options) {
  Network network = split_fan_in(model.network, chip);
  const std::uint32_t context = model.context();
  PlacementOptions placement;
  placement.strategy = placement_from_string(options.placement);
  placement.seed = static_cast<std::uint64_t>(
      checked_count("--placement-seed", options.seed, 0, std::numeric_limits<std::int64_t>::max()));
  Mapping mapping;
  if (!options.mapping.empty()) {
    mapping = read_mapping(options.mapping, network, chip, context);
  } else {
    mapping = map_network(network, chip, context);
    if (placement.strategy != PlacementStrategy::linear) {
      mapping = place_slices(network, chip, context, mapping, placement_traffic(network, options),
                             placement);
    }
  }
  return {std::move(network), std::move(mapping)};
}

PlannedChip plan_chip(const Model& model, const std::string& chip,
                      const std::vector<std::string>& overrides, const MappingOptions& options) {
  ChipDescription description = load_chip(chip, overrides);
  MappedNetwork mapped = map_model(model, description, options);
  RouterGraph graph = build_graph(description);
  std::optional<FaultSummary> summary;
  if (description.faults.any()) {
    FlipReport flips;
    const Network faulty = with_bit_flips(model.network, description, model.context(), flips);
    mapped.network = split_fan_in(faulty, description);
    const FaultModel faults(description.faults, graph, mapped.network, mapped.mapping);
    summary = {description.faults, injected_faults(faults, flips, graph, faulty)};
  }
  return {std::move(description), std::move(graph), std::move(mapped.mapping),
          std::move(mapped.network), std::move(summary)};
}

}  // namespace synfire::app
