// SPDX-License-Identifier: Apache-2.0
#include "tests/support/recorded_run.hpp"

#include <algorithm>
#include <memory>

#include "models/text_encoding.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

constexpr std::size_t token_count = 5;

DecoderArchitecture with_room(DecoderArchitecture architecture) {
  architecture.context = std::max<std::uint32_t>(architecture.context, token_count);
  return architecture;
}

/// With a LIF population.
DecoderArchitecture with_potentials(const DecoderArchitecture& architecture) {
  return architecture.spike_degree < 2 ? all_spiking(architecture) : architecture;
}

}  // namespace

void RecordLog::on_spikes(std::span<const SpikeRecord> batch) {
  spikes.insert(spikes.end(), batch.begin(), batch.end());
  next_->on_spikes(batch);
}

void RecordLog::on_steps(std::span<const StepRecord> batch) {
  steps.insert(steps.end(), batch.begin(), batch.end());
  next_->on_steps(batch);
}

void RecordLog::on_packets(std::span<const PacketRecord> batch) {
  packets.insert(packets.end(), batch.begin(), batch.end());
  next_->on_packets(batch);
}

void RecordLog::on_potentials(const PotentialRecord& record) {
  std::uint32_t neuron = record.first_neuron;
  for (const std::int32_t potential : record.potentials) {
    potentials.push_back(
        {record.population, {record.time, record.token, record.step, neuron++, potential}});
  }
  next_->on_potentials(record);
}

void RecordLog::on_token(const TokenRecord& token) {
  tokens.push_back({token.token, token.injected, token.finished, {}});
  logits.emplace_back(token.logits.begin(), token.logits.end());
  next_->on_token(token);
}

std::vector<SpikeRecord> RecordLog::spikes_of(PopulationId population) const {
  std::vector<SpikeRecord> found;
  std::ranges::copy_if(spikes, std::back_inserter(found),
                       [&](const SpikeRecord& spike) { return spike.population == population; });
  return found;
}

std::vector<RecordedPotential> RecordLog::potentials_of(PopulationId population) const {
  std::vector<RecordedPotential> found;
  for (const auto& [owner, potential] : potentials) {
    if (owner == population) found.push_back(potential);
  }
  return found;
}

bool equal(std::span<const SpikeRecord> a, std::span<const SpikeRecord> b) {
  return std::ranges::equal(a, b, [](const SpikeRecord& x, const SpikeRecord& y) {
    return x.time == y.time && x.token == y.token && x.neuron == y.neuron &&
           x.population == y.population && x.step == y.step;
  });
}

bool equal(std::span<const StepRecord> a, std::span<const StepRecord> b) {
  return std::ranges::equal(a, b, [](const StepRecord& x, const StepRecord& y) {
    return x.started == y.started && x.ended == y.ended && x.token == y.token && x.step == y.step &&
           x.slice == y.slice;
  });
}

bool equal(std::span<const PacketRecord> a, std::span<const PacketRecord> b) {
  return std::ranges::equal(a, b, [](const PacketRecord& x, const PacketRecord& y) {
    return x.sent == y.sent && x.arrived == y.arrived && x.token == y.token && x.step == y.step &&
           x.neuron == y.neuron && x.source == y.source && x.destination == y.destination;
  });
}

bool equal(std::span<const RecordedPotential> a, std::span<const RecordedPotential> b) {
  return std::ranges::equal(a, b, [](const RecordedPotential& x, const RecordedPotential& y) {
    return x.time == y.time && x.token == y.token && x.step == y.step && x.neuron == y.neuron &&
           x.potential == y.potential;
  });
}

RecordedRun::RecordedRun(std::uint64_t seed)
    : RecordedRun(seed, with_potentials(random_architecture(seed))) {}

RecordedRun::RecordedRun(std::uint64_t seed, const DecoderArchitecture& architecture)
    : model_(random_decoder(seed, with_room(architecture)).model),
      chip_(random_chip(seed)),
      mapping_(random_mapping(seed, model_.network, chip_)),
      tokens_(random_tokens(seed, model_.text.alphabet.size(), token_count)) {}

void RecordedRun::inject(const FaultDescription& faults) {
  const RouterGraph graph = build_graph(chip_);
  chip_.faults = faults;
  chip_.faults.dead_links =
      std::min(chip_.faults.dead_links, static_cast<std::int64_t>(graph.router_links().size()));
  injected_ = injected_faults(FaultModel(chip_.faults, graph, model_.network, mapping_), {}, graph,
                              model_.network);
}

void RecordedRun::use_graph(const std::string& graphml) {
  chip_.grid.cores_per_tile = build_graph(chip_).core_count();
  chip_.board = {};
  chip_.flow_control = {};
  chip_.grid.topology = TopologyKind::graphml;
  chip_.grid.graph_file = "two.graphml";
  chip_.grid.graphml = graphml;
  chip_.routing.kind = RoutingKind::shortest_path;
}

PopulationId RecordedRun::spiking_population() const {
  const auto populations = model_.network.populations();
  const auto found = std::ranges::find(populations, NeuronModel::lif, &Population::model);
  return PopulationId{static_cast<std::uint32_t>(found - populations.begin())};
}

RunDescription RecordedRun::description() const {
  const PopulationId id = spiking_population();
  return {.network = model_.network,
          .chip = chip_,
          .mapping = mapping_,
          .model_identity = "0123",
          .model_path = "some/model.h5",
          .alphabet = model_.text.alphabet,
          .run = {{"prompt", "a prompt"}, {"seed", std::int64_t{7}}, {"temperature", 0.25}},
          .provenance = {{"version", "1.2.3"}},
          .volatile_provenance = {{"host", "here"}},
          .potentials = {{id, 0, model_.network.population(id).size}},
          .faults = injected_,
          .packets = true};
}

SimulationTotals RecordedRun::run_tokens(
    const SpikeTable* replay, Probe& probe,
    const std::function<void(std::uint32_t)>& before_push) const {
  SimulationOptions options;
  options.context = model_.text.context;
  options.potentials = description().potentials;
  options.packets = true;
  options.replay = replay;
  ChipSimulation simulation(model_.network, chip_, mapping_, options, probe);
  const auto inputs = sequence_input_spikes(model_.text, tokens_);
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    before_push(i);
    simulation.push_token(inputs[i]);
    if (i >= 2) simulation.run_until_readout(i);
  }
  simulation.drain();
  return simulation.totals();
}

void RecordedRun::simulate(Recorder& recorder) {
  log_ = std::make_unique<RecordLog>(recorder);
  totals_ = run_tokens(nullptr, *log_, [&](std::uint32_t i) {
    if (i > 0) recorder.name_token(i, {.id = tokens_[i], .position = i, .is_given = i < 3});
  });
  recorder.note_actions(static_cast<std::uint32_t>(tokens_.size()), totals_);
}

SimulationTotals RecordedRun::replay(const SpikeTable& table, Probe& probe) const {
  return run_tokens(&table, probe, [](std::uint32_t) {});
}

void RecordedRun::record(const std::filesystem::path& file, bool is_complete,
                         const std::function<void()>& before_finish) {
  Recorder recorder(file, description());
  simulate(recorder);
  recorder.flush();
  if (before_finish) before_finish();
  recorder.finish({.totals = totals_,
                   .accounts = {price(totals_, model_.network, mapping_, chip_), {}},
                   .is_complete = is_complete,
                   .run = {{"text", "the text"}},
                   .volatile_provenance = {{"wall_s", 0.5, "s"}}});
}

void RecordedRun::record_without_finish(const std::filesystem::path& file) {
  Recorder recorder(file, description());
  simulate(recorder);
}

}  // namespace synfire::test
