// SPDX-License-Identifier: Apache-2.0

// What a simulation may cost, in counts that do not depend on the machine: events, allocations,
// bytes. Time is never tested.

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "analysis/recorder.hpp"
#include "models/model_file.hpp"
#include "tests/bench/heap_meter.hpp"
#include "tests/bench/silent_probe.hpp"
#include "tests/bench/synthetic_decoder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"
#include "topology/topologies.hpp"

namespace synfire::bench {
namespace {

constexpr std::uint32_t context = 1024;
constexpr std::int64_t base_bytes = 64 << 20;  // of a small network on a chip of 128 neurocores

SyntheticShape shape_of(std::uint32_t embedding, std::uint32_t blocks) {
  return {.blocks = blocks,
          .embedding = embedding,
          .hidden = 4 * embedding,
          .heads = embedding / 32,
          .vocabulary = 29};
}

/// A decoder that runs token after token on a chip.
class RunningDecoder {
 public:
  explicit RunningDecoder(const SyntheticShape& shape,
                          const std::vector<std::string>& overrides = {},
                          QueueKind queue = QueueKind::radix_heap,
                          const std::filesystem::path& recording = {})
      : shape_(shape),
        network_(synthetic_decoder(shape)),
        chip_(load_chip("loihi-like", overrides)),
        mapping_(map_network(network_, chip_, context)) {
    if (!recording.empty()) {
      recorder_.emplace(recording,
                        RunDescription{.network = network_, .chip = chip_, .mapping = mapping_});
    }
    Probe& probe = recorder_ ? static_cast<Probe&>(*recorder_) : silent_;
    simulation_.emplace(network_, chip_, mapping_,
                        SimulationOptions{.queue = queue, .context = context}, probe);
    for (std::uint32_t i = 0; i < tokens_.size(); ++i) tokens_[i] = synthetic_token(shape_, i);
  }

  void run(std::uint32_t tokens) {
    for (std::uint32_t i = 0; i < tokens; ++i, ++token_) {
      simulation_->push_token(tokens_[token_ % tokens_.size()]);
      simulation_->run_until_readout(token_);
      if (recorder_) recorder_->note_actions(token_ + 1, simulation_->totals());
    }
  }

  const Network& network() const { return network_; }
  const ChipDescription& chip() const { return chip_; }
  const SimulationTotals& totals() const { return simulation_->totals(); }

 private:
  SyntheticShape shape_;
  Network network_;
  ChipDescription chip_;
  Mapping mapping_;
  SilentProbe silent_;
  std::optional<Recorder> recorder_;
  std::optional<ChipSimulation> simulation_;
  std::array<std::vector<std::uint32_t>, 16> tokens_;
  std::uint32_t token_ = 0;
};

/// Heap blocks taken in the quietest of some spans of tokens, after a first one. What is taken each
/// event, step or token is taken in all of them; what holds a new maximum (of packets on a link, of
/// spikes in a step) grows in few.
std::int64_t steady_allocations(RunningDecoder& decoder) {
  constexpr int spans = 20;
  constexpr std::uint32_t tokens = 20;
  decoder.run(3 * tokens);  // until batches of records and logits have been full once
  std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
  for (int i = 0; i < spans; ++i) {
    const std::int64_t before = heap_use().allocations;
    decoder.run(tokens);
    fewest = std::min(fewest, heap_use().allocations - before);
  }
  return fewest;
}

/// One event a link between routers, two a packet, and one for each control packet that is read.
void check_events(const SimulationTotals& totals, const RouterGraph& graph) {
  const std::int64_t packets = totals.packets_injected + totals.control_packets;
  std::int64_t crossed = 0;
  std::int64_t control_read = 0;
  for (std::size_t i = 0; i < totals.link_use.size(); ++i) {
    const LinkUse& use = totals.link_use[i];
    const LinkKind kind = graph.links()[i].kind;
    if (kind == LinkKind::ejection) {
      control_read += use.control_packets;
    } else if (kind != LinkKind::injection) {
      crossed += use.packets + use.control_packets;
    }
  }
  CHECK(crossed > packets);
  CHECK(totals.events <= crossed + 2 * packets + control_read);
}

std::int64_t synapses_of(const Network& network) {
  std::int64_t synapses = 0;
  for (const Projection& projection : network.projections()) {
    synapses += static_cast<std::int64_t>(projection.weights.size());
  }
  return synapses;
}

/// The most bytes that building, mapping and running a decoder takes.
std::int64_t peak_of_decoder(std::uint32_t embedding, std::int64_t& synapses) {
  const std::int64_t before = heap_use().live_bytes;
  reset_heap_peak();
  RunningDecoder decoder(shape_of(embedding, 1), {"neurocore.synapse_memory=1 MiB"});
  decoder.run(3);
  synapses = synapses_of(decoder.network());
  return heap_use().peak_bytes - before;
}

/// Sheets of LIF neurons, each driving the next one to one, and a single readout neuron.
Network sheets(std::uint32_t width, std::uint32_t count) {
  std::vector<Population> populations = {
      {.name = "input", .size = width, .model = NeuronModel::input}};
  std::vector<Projection> projections;
  for (std::uint32_t i = 0; i < count; ++i) {
    populations.push_back({.name = "sheet" + std::to_string(i),
                           .size = width,
                           .threshold = std::vector<std::int32_t>(width, 1),
                           .bias = std::vector<std::int32_t>(width, 1)});
    projections.push_back({.source = PopulationId{i},
                           .target = PopulationId{i + 1},
                           .connectivity = Connectivity::one_to_one});
  }
  populations.push_back({.name = "output", .size = 1, .model = NeuronModel::readout, .bias = {0}});
  projections.push_back({.source = PopulationId{count},
                         .target = PopulationId{count + 1},
                         .weights = std::vector<std::int8_t>(width, 1)});
  return {4, std::move(populations), std::move(projections)};
}

/// A sheet fills a neurocore, so that what a slice costs is shared by many neurons.
std::int64_t peak_of_sheets(std::uint32_t width, std::uint32_t count) {
  const std::int64_t before = heap_use().live_bytes;
  reset_heap_peak();
  const Network network = sheets(width, count);
  const std::vector<std::string> overrides = {"neurocore.axons_in=16384", "neurocore.neurons=8192"};
  const ChipDescription chip = load_chip("loihi-like", overrides);
  SilentProbe probe;
  ChipSimulation simulation(network, chip, map_network(network, chip, context), {}, probe);
  for (std::uint32_t token = 0; token < 10; ++token) {  // until a batch of records is full
    simulation.push_token(synthetic_token({.embedding = width}, token));
    simulation.run_until_readout(token);
  }
  CHECK(simulation.totals().spikes_per_population[count] > width / 10);
  return heap_use().peak_bytes - before;
}

/// Counts spikes and sums (t + 1) (1024 layer + neuron) over them, t from 0.
class PeerProbe final : public Probe {
 public:
  void on_spikes(std::span<const SpikeRecord> spikes) override {
    for (const SpikeRecord& spike : spikes) {
      ++count;
      sum += (spike.step + std::uint64_t{1}) *
             (std::uint64_t{1024} * index(spike.population) + spike.neuron);
    }
  }
  void on_steps(std::span<const StepRecord> /*steps*/) override {}
  void on_potentials(const PotentialRecord& /*potentials*/) override {}
  void on_token(const TokenRecord& /*token*/) override {}

  std::uint64_t count = 0;
  std::uint64_t sum = 0;
};

}  // namespace

TEST_CASE("The peer network fires 54,219 spikes for a bounded number of events") {
  const Model model = read_model(SYNFIRE_PEER_MODEL);
  for (const std::string kind : {"unicast", "tree"}) {
    const std::vector<std::string> overrides = {"neurocore.neurons=32", "multicast.kind=" + kind};
    const ChipDescription chip = load_chip("loihi-like", overrides);
    PeerProbe probe;
    ChipSimulation simulation(model.network, chip,
                              map_network(model.network, chip, model.context()), {}, probe);
    simulation.push_stimulus(model.stimulus->inputs);
    simulation.drain();
    const SimulationTotals& totals = simulation.totals();
    CHECK(probe.count == 54'219);
    CHECK(probe.sum == 5'389'933'859);
    check_events(totals, build_graph(chip));
  }
}

TEST_CASE("Events are bounded by links between routers crossed, packets and control packets read") {
  RunningDecoder decoder(shape_of(96, 2), {"neurocore.neurons=48"});
  decoder.run(4);
  check_events(decoder.totals(), build_graph(decoder.chip()));
}

TEST_CASE("Events, steps and tokens of a running chip allocate no memory") {
  const std::vector<std::string> overrides =
      GENERATE(std::vector<std::string>{}, std::vector<std::string>{"multicast.kind=tree"},
               std::vector<std::string>{"synchronisation.kind=barrier"},
               std::vector<std::string>{"flow_control.kind=credit", "neurocore.output_queue=2"},
               std::vector<std::string>{"attention.realisation=state", "neurocore.neurons=48"},
               std::vector<std::string>{"faults.stuck_firing_rate=2 %", "faults.drop_rate=1 %"});
  const QueueKind queue = GENERATE(QueueKind::radix_heap, QueueKind::binary_heap);
  CAPTURE(overrides, queue == QueueKind::radix_heap);
  RunningDecoder decoder(shape_of(64, 1), overrides, queue);
  CHECK(steady_allocations(decoder) == 0);
}

TEST_CASE("Recording a run allocates no memory for its events or its steps or its tokens") {
  const test::TemporaryFolder folder;
  RunningDecoder decoder(shape_of(64, 1), {}, QueueKind::radix_heap, folder / "run.h5");
  CHECK(steady_allocations(decoder) == 0);
}

TEST_CASE("A synapse takes no more than 1.25 bytes, beside what does not grow with synapses") {
  std::int64_t few_synapses = 0;
  std::int64_t many_synapses = 0;
  const std::int64_t few = peak_of_decoder(192, few_synapses);
  const std::int64_t many = peak_of_decoder(768, many_synapses);
  const double per_synapse =
      static_cast<double>(many - few) / static_cast<double>(many_synapses - few_synapses);
  CHECK(per_synapse >= 1.0);  // the meter sees the weights
  CHECK(per_synapse <= 1.25);
  CHECK(few <= base_bytes);
}

TEST_CASE("A neuron takes no more than 64 bytes, beside what does not grow with neurons") {
  constexpr std::uint32_t width = 8192;
  const std::int64_t few = peak_of_sheets(width, 2);
  const std::int64_t many = peak_of_sheets(width, 10);
  const double per_neuron = static_cast<double>(many - few) / (8.0 * width);
  CHECK(per_neuron >= 12.0);  // membrane, threshold, bias
  CHECK(per_neuron <= 64.0);
  CHECK(few <= base_bytes);
}

}  // namespace synfire::bench
