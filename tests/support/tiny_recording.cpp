// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tiny_recording.hpp"

#include <vector>

#include "analysis/recorder.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

TimePoint at(std::int64_t picosecond) {
  return TimePoint{picoseconds(picosecond)};
}

Network network() {
  return {
      1,
      {Population{.name = "in", .size = 2, .model = NeuronModel::input},
       Population{.name = "block0.hidden", .size = 3, .threshold = {1, 1, 1}, .bias = {0, 0, 0}},
       Population{.name = "readout", .size = 1, .model = NeuronModel::readout, .bias = {0}}},
      {Projection{.source = PopulationId{0},
                  .target = PopulationId{1},
                  .weights = std::vector<std::int8_t>(6, 1)},
       Projection{.source = PopulationId{1},
                  .target = PopulationId{2},
                  .weights = std::vector<std::int8_t>(3, 1)}}};
}

Mapping mapping() {
  return {.slices = {{PopulationId{0}, 0, 2, host_core},
                     {PopulationId{1}, 0, 2, CoreId{0}},
                     {PopulationId{1}, 2, 3, CoreId{1}},
                     {PopulationId{2}, 0, 1, CoreId{1}}},
          .cores = {}};
}

SimulationTotals totals(const ChipDescription& chip) {
  const RouterGraph graph = build_graph(chip);
  SimulationTotals totals;
  totals.now = at(2048);
  totals.spikes = 5;
  totals.slices.resize(4);
  totals.slices[1][Action::synaptic_operation] = 4;
  totals.slices[2][Action::synaptic_operation] = 2;
  totals.links.resize(graph.links().size());
  totals.link_use.resize(graph.links().size());
  totals.link_use[0].bits = 96;
  totals.link_use[0].busy = picoseconds(12);
  totals.core_use.resize(graph.core_count() + 1);
  totals.spikes_per_population = {2, 3, 0};
  totals.neuron_steps_per_population = {0, 6, 2};
  totals.spikes_per_neuron = {{1, 1}, {1, 1, 1}, {0}};
  return totals;
}

}  // namespace

void record_tiny(const std::filesystem::path& file) {
  const Network net = network();
  const ChipDescription chip = load_chip("ideal");
  const Mapping map = mapping();
  Recorder recorder(file, {.network = net,
                           .chip = chip,
                           .mapping = map,
                           .model_identity = "cafe",
                           .model_path = "tiny",
                           .alphabet = "ab",
                           .run = {{"prompt", "a"}},
                           .provenance = {},
                           .volatile_provenance = {},
                           .potentials = {{PopulationId{1}, 0, 1}},
                           .faults = std::nullopt});
  recorder.name_token(0, {.id = 0, .position = 0, .is_given = true});
  recorder.name_token(1, {.id = 1, .position = 1});
  const std::vector<SpikeRecord> spikes{{at(10), 0, 0, PopulationId{0}, 0},
                                        {at(40), 0, 1, PopulationId{1}, 0},
                                        {at(41), 0, 2, PopulationId{1}, 0},
                                        {at(1010), 1, 1, PopulationId{0}, 0},
                                        {at(2048), 1, 0, PopulationId{1}, 0}};
  recorder.on_spikes(spikes);
  const std::vector<StepRecord> steps{
      {at(5), at(12), 0, 0, SliceId{0}},      {at(30), at(45), 0, 0, SliceId{1}},
      {at(31), at(44), 0, 0, SliceId{2}},     {at(60), at(70), 0, 0, SliceId{3}},
      {at(1005), at(1012), 1, 0, SliceId{0}}, {at(1030), at(1040), 1, 0, SliceId{1}},
      {at(1031), at(1050), 1, 0, SliceId{2}}, {at(1060), at(1070), 1, 0, SliceId{3}}};
  recorder.on_steps(steps);
  const std::vector<std::int32_t> potential{-7};
  recorder.on_potentials({at(30), 0, 0, PopulationId{1}, 0, potential});
  const std::vector<std::int32_t> logits{3};
  recorder.on_token({0, at(10), at(80), logits});
  recorder.on_token({1, at(1010), at(1080), logits});
  recorder.note_actions(2, totals(chip));
  recorder.finish({.totals = totals(chip),
                   .accounts = {},
                   .run = {{"text", std::string("ab")}},
                   .volatile_provenance = {}});
}

}  // namespace synfire::test
