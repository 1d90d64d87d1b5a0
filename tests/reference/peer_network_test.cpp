// SPDX-License-Identifier: Apache-2.0
// The network that five independent simulators agree on, spike for spike (tests/bench/peer).
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "analysis/energy.hpp"
#include "models/model_file.hpp"
#include "sim/hdf5_file.hpp"
#include "tests/support/random_network.hpp"
#include "tests/support/temporary_folder.hpp"
#include "topology/chip.hpp"

namespace synfire::test {
namespace {

const std::string folder = std::string(SYNFIRE_SOURCE_FOLDER) + "/tests/bench/peer";
constexpr std::uint64_t published_spikes = 54'219;
constexpr std::uint64_t published_checksum = 5'389'933'859;
constexpr std::int64_t published_synaptic_events = 43'278'336;
constexpr std::uint64_t layer_size = 1024;

/// The fixture as a model, made by the script beside it.
Model peer_model() {
  const TemporaryFolder scratch;
  const std::string file = (scratch / "peer.h5").string();
  const std::string command =
      "/usr/bin/python3 " + folder + "/make_model.py " + folder + "/network.h5 " + file;
  REQUIRE(std::system(command.c_str()) == 0);
  return read_model(file);
}

/// Population i is layer i, so that keys are (0, time step, layer, neuron).
std::vector<SpikeKey> published() {
  const Hdf5File file = Hdf5File::open(folder + "/network.h5");
  const auto layer = file.read<std::int64_t>("/expected/layer");
  const auto neuron = file.read<std::int64_t>("/expected/neuron");
  const auto step = file.read<std::int64_t>("/expected/time_step");
  std::vector<SpikeKey> keys;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    keys.emplace_back(0, static_cast<std::uint16_t>(step[i]), static_cast<std::uint32_t>(layer[i]),
                      static_cast<std::uint32_t>(neuron[i]));
  }
  std::ranges::sort(keys);
  return keys;
}

std::uint64_t checksum(const std::vector<SpikeKey>& keys) {
  std::uint64_t sum = 0;
  for (const auto& [token, step, layer, neuron] : keys) {
    sum += (step + std::uint64_t{1}) * (layer_size * layer + neuron);
  }
  return sum;
}

void check_run(const Model& model, const std::vector<std::string>& settings,
               std::size_t cores_a_layer) {
  const ChipDescription chip = load_chip("loihi-like", settings);
  const Mapping mapping = map_network(model.network, chip, model.context());
  CHECK(mapping.slices.size() == 1 + 3 * cores_a_layer);
  const ChipRun run = run_chip(model, chip, mapping, {});
  const std::vector<SpikeKey> spikes = sorted_keys(run.probe.spikes);
  CHECK(checksum(spikes) == published_checksum);
  CHECK((spikes == published()));
  CHECK(total_count(run.totals, Action::synaptic_operation) == published_synaptic_events);
  const EnergyReport energy = price(run.totals, model.network, mapping, chip);
  constexpr std::int64_t attojoules_each = 35'500'000;  // 35.5 pJ
  CHECK(energy.by_action[static_cast<std::size_t>(Action::synaptic_operation)] ==
        Energy::attojoules(published_synaptic_events * attojoules_each));
}

}  // namespace

TEST_CASE("The peer network gives the published spikes in the dense reference") {
  const std::vector<SpikeKey> expected = published();
  CHECK(expected.size() == published_spikes);
  CHECK(checksum(expected) == published_checksum);
  CHECK((run_reference(peer_model()).spikes == expected));
}

TEST_CASE("The peer network gives the published spikes and synaptic events on loihi-like") {
  const Model model = peer_model();
  SECTION("with a neurocore a layer") {
    check_run(model, {"neurocore.synapse_memory=1 MiB"}, 1);
  }
  SECTION("with 32 neurocores a layer") {
    check_run(model, {"neurocore.neurons=32"}, 32);
  }
  SECTION("with a barrier between steps, as Loihi has it") {
    check_run(model, {"neurocore.neurons=32", "synchronisation.kind=barrier"}, 32);
  }
}

}  // namespace synfire::test
