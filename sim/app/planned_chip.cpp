// SPDX-License-Identifier: Apache-2.0
#include "sim/app/planned_chip.hpp"

#include <utility>

#include "topology/faults.hpp"
#include "topology/topologies.hpp"

namespace synfire::app {

PlannedChip plan_chip(const Model& model, const std::string& chip,
                      const std::vector<std::string>& overrides) {
  ChipDescription description = load_chip(chip, overrides);
  const std::uint32_t context = model.text.context;
  Mapping mapping = map_network(model.network, description, context);
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
