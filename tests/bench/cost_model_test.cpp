// SPDX-License-Identifier: Apache-2.0

// The cost model against what is counted: events, packets and bytes, never time.

#include "analysis/cost_model.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/bench/heap_meter.hpp"
#include "tests/bench/silent_probe.hpp"
#include "tests/bench/synthetic_decoder.hpp"
#include "topology/action.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/fan_in.hpp"
#include "topology/topologies.hpp"

namespace synfire::bench {
namespace {

constexpr std::uint32_t context = 256;
constexpr std::uint32_t tokens = 4;
constexpr double tolerance = 0.15;

struct Size {
  std::uint32_t embedding;
  std::uint32_t blocks;
  std::vector<std::string> chip;
};

struct Measured {
  SimulationTotals totals;
  std::int64_t bytes = 0;
};

/// Builds and runs a decoder of the size; the most bytes that were live, network included.
Measured measure(const SyntheticShape& shape, const ChipDescription& chip) {
  const std::int64_t before = heap_use().live_bytes;
  reset_heap_peak();
  const Network network = split_fan_in(synthetic_decoder(shape), chip);
  SilentProbe probe;
  ChipSimulation simulation(network, chip, map_network(network, chip, context),
                            {.context = context}, probe);
  for (std::uint32_t token = 0; token < tokens; ++token) {
    simulation.push_token(synthetic_token(shape, token));
    simulation.run_until_readout(token);
  }
  simulation.drain();
  return {simulation.totals(), heap_use().peak_bytes - before};
}

void check_near(const char* what, double foreseen, double measured) {
  INFO(what << ": foreseen " << foreseen << ", measured " << measured << ", ratio "
            << foreseen / measured);
  CHECK(foreseen == Approx(measured).epsilon(tolerance));
}

}  // namespace

TEST_CASE("Packets, events, synaptic operations and memory are foreseen within 15 %") {
  const Size size =
      GENERATE(Size{96, 1, {}}, Size{192, 3, {"multicast.kind=tree"}},
               Size{192, 4, {"neurocore.neurons=128", "grid.width=16"}},
               Size{384, 2, {"neurocore.synapse_memory=1 MiB", "flow_control.kind=credit"}},
               Size{768, 1, {"grid.width=16", "grid.height=16", "multicast.kind=tree"}});
  CAPTURE(size.embedding, size.blocks, size.chip);
  const SyntheticShape shape{.blocks = size.blocks,
                             .embedding = size.embedding,
                             .hidden = 4 * size.embedding,
                             .heads = size.embedding / 32,
                             .vocabulary = 29};
  const ChipDescription chip = load_chip("loihi-like", size.chip);
  const Measured measured = measure(shape, chip);
  const Network network = split_fan_in(synthetic_decoder(shape), chip);
  const CostPrediction cost = predict_cost(network, chip, map_network(network, chip, context),
                                           assumed_traffic(network, cost_rate_permille), context);
  const auto per_token = [](std::int64_t count) { return static_cast<double>(count) / tokens; };
  const SimulationTotals& totals = measured.totals;
  const RouterGraph graph = build_graph(chip);
  std::int64_t crossings = 0;
  for (std::size_t i = 0; i < totals.link_use.size(); ++i) {
    const LinkKind kind = graph.links()[i].kind;
    if (kind == LinkKind::injection || kind == LinkKind::ejection) continue;
    crossings += totals.link_use[i].packets + totals.link_use[i].control_packets;
  }
  std::int64_t operations = 0;
  for (const ActionCounts& slice : totals.slices) operations += slice[Action::synaptic_operation];
  check_near("packets", static_cast<double>(cost.packets), per_token(totals.packets_injected));
  check_near("control packets", static_cast<double>(cost.control_packets),
             per_token(totals.control_packets));
  check_near("crossings", static_cast<double>(cost.crossings), per_token(crossings));
  check_near("events", static_cast<double>(cost.events), per_token(totals.events));
  check_near("synaptic operations", static_cast<double>(cost.synaptic_operations),
             per_token(operations));
  check_near("bytes", static_cast<double>(cost.memory_bytes), static_cast<double>(measured.bytes));
}

}  // namespace synfire::bench
