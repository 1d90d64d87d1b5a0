// SPDX-License-Identifier: Apache-2.0
#include "analysis/sparsity.hpp"

#include <catch2/catch.hpp>

namespace synfire {

TEST_CASE("Sparsity: rates count spikes per neuron and step, of spiking populations only") {
  const Network network(
      1,
      {Population{.name = "in", .size = 2, .model = NeuronModel::input},
       Population{.name = "residual0",
                  .size = 2,
                  .model = NeuronModel::residual,
                  .bias = {0, 0},
                  .shift = {0, 0}},
       Population{.name = "lif", .size = 2, .threshold = {1, 1}, .bias = {0, 0}}},
      {Projection{.source = PopulationId{0}, .target = PopulationId{1}, .weights = {1, 0, 0, 1}},
       Projection{.source = PopulationId{1},
                  .target = PopulationId{2},
                  .connectivity = Connectivity::one_to_one}});
  SimulationTotals totals;
  totals.spikes_per_population = {4, 0, 2};
  totals.neuron_steps_per_population = {0, 8, 8};
  totals.spikes_per_neuron = {{2, 2}, {0, 0}, {2, 0}};
  const auto report = sparsity(network, totals, 4);
  REQUIRE(report.size() == 2);
  CHECK(report[0].rate == 0.5);
  CHECK(report[0].silent_fraction == 0);
  CHECK(report[1].population == "lif");
  CHECK(report[1].sparsity() == 0.75);
  CHECK(report[1].silent_fraction == 0.5);
}

}  // namespace synfire
