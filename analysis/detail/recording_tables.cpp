// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_tables.hpp"

#include "analysis/detail/recording_layout.hpp"
#include "sim/error.hpp"
#include "topology/action.hpp"

namespace synfire::detail {
namespace {

constexpr double picoseconds_per_millisecond = 1e9;
std::int64_t count_of(TimePoint time) {
  return time.time_since_epoch().count();
}

}  // namespace

SpikeTable::SpikeTable(Hdf5File& file, const std::string& population)
    : name_(sonata_group(population)),
      timestamps_(file, sonata_group(population) + "/timestamps", "ms"),
      node_ids_(file, sonata_group(population) + "/node_ids", "1"),
      times_(file, spike_group(population) + "/time_ps", "ps"),
      tokens_(file, spike_group(population) + "/token", "1"),
      steps_(file, spike_group(population) + "/time_step", "1") {
  write_sorting(file, sonata_group(population));
}

void SpikeTable::add(const SpikeRecord& spike) {
  SYNFIRE_ASSERT(spike.time >= last_, "spikes come in the order of events");
  last_ = spike.time;
  timestamps_.push(static_cast<double>(count_of(spike.time)) / picoseconds_per_millisecond);
  node_ids_.push(spike.neuron);
  times_.push(count_of(spike.time));
  tokens_.push(spike.token);
  steps_.push(spike.step);
  if (node_ids_.is_full()) write();
}

void SpikeTable::write() {
  timestamps_.write();
  node_ids_.write();
  times_.write();
  tokens_.write();
  steps_.write();
}

StepTable::StepTable(Hdf5File& file)
    : slices_(file, "/synfire/steps/slice", "1"),
      tokens_(file, "/synfire/steps/token", "1"),
      steps_(file, "/synfire/steps/time_step", "1"),
      started_(file, "/synfire/steps/started_ps", "ps"),
      ended_(file, "/synfire/steps/ended_ps", "ps") {}

std::string StepTable::name() {
  return "/synfire/steps";
}

void StepTable::add(const StepRecord& step) {
  slices_.push(index(step.slice));
  tokens_.push(step.token);
  steps_.push(step.step);
  started_.push(count_of(step.started));
  ended_.push(count_of(step.ended));
  if (slices_.is_full()) write();
}

void StepTable::write() {
  slices_.write();
  tokens_.write();
  steps_.write();
  started_.write();
  ended_.write();
}

PacketTable::PacketTable(Hdf5File& file)
    : sent_(file, packet_group + std::string("/sent_ps"), "ps"),
      arrived_(file, packet_group + std::string("/arrived_ps"), "ps"),
      tokens_(file, packet_group + std::string("/token"), "1"),
      steps_(file, packet_group + std::string("/time_step"), "1"),
      sources_(file, packet_group + std::string("/source"), "1"),
      neurons_(file, packet_group + std::string("/neuron"), "1"),
      destinations_(file, packet_group + std::string("/destination"), "1") {}

std::string PacketTable::name() {
  return packet_group;
}

void PacketTable::add(const PacketRecord& packet) {
  sent_.push(count_of(packet.sent));
  arrived_.push(count_of(packet.arrived));
  tokens_.push(packet.token);
  steps_.push(packet.step);
  sources_.push(index(packet.source));
  neurons_.push(packet.neuron);
  destinations_.push(index(packet.destination));
  if (sources_.is_full()) write();
}

void PacketTable::write() {
  sent_.write();
  arrived_.write();
  tokens_.write();
  steps_.write();
  sources_.write();
  neurons_.write();
  destinations_.write();
}

PotentialTable::PotentialTable(Hdf5File& file, const std::string& population)
    : name_(potential_group(population)),
      times_(file, potential_group(population) + "/time_ps", "ps"),
      tokens_(file, potential_group(population) + "/token", "1"),
      steps_(file, potential_group(population) + "/time_step", "1"),
      neurons_(file, potential_group(population) + "/node_ids", "1"),
      potentials_(file, potential_group(population) + "/potential", "weight units") {}

void PotentialTable::add(const PotentialRecord& record, std::span<const std::int32_t> potentials) {
  std::uint32_t neuron = record.first_neuron;
  for (const std::int32_t potential : potentials) {
    times_.push(count_of(record.time));
    tokens_.push(record.token);
    steps_.push(record.step);
    neurons_.push(neuron++);
    potentials_.push(potential);
    if (neurons_.is_full()) write();
  }
}

void PotentialTable::write() {
  times_.write();
  tokens_.write();
  steps_.write();
  neurons_.write();
  potentials_.write();
}

TokenTable::TokenTable(Hdf5File& file, std::uint64_t vocabulary)
    : tokens_(file, "/synfire/tokens/token", "1"),
      ids_(file, "/synfire/tokens/id", "1"),
      positions_(file, "/synfire/tokens/position", "1"),
      given_(file, "/synfire/tokens/is_given", "1"),
      injected_(file, "/synfire/tokens/injected_ps", "ps"),
      finished_(file, "/synfire/tokens/finished_ps", "ps") {
  if (vocabulary > 0) logits_.emplace(file, "/synfire/tokens/logits", "1", vocabulary);
}

std::string TokenTable::name() {
  return "/synfire/tokens";
}

void TokenTable::add(std::span<const TokenRow> tokens, std::span<const std::int32_t> logits) {
  for (const TokenRow& row : tokens) {
    tokens_.push(row.token);
    ids_.push(row.id);
    positions_.push(row.position);
    given_.push(std::uint8_t{row.is_given});
    injected_.push(count_of(row.injected));
    finished_.push(count_of(row.finished));
  }
  if (logits_) logits_->push(logits);
  if (tokens_.is_full() || (logits_ && logits_->is_full())) write();
}

void TokenTable::write() {
  tokens_.write();
  ids_.write();
  positions_.write();
  given_.write();
  injected_.write();
  finished_.write();
  if (logits_) logits_->write();
}

LayerActionTable::LayerActionTable(Hdf5File& file, std::size_t layers)
    : tokens_(file, layer_action_group + std::string("/tokens"), "1"),
      times_(file, layer_action_group + std::string("/time_ps"), "ps"),
      actions_(file, layer_action_group + std::string("/actions"), "1", layers * action_kinds) {}

std::string LayerActionTable::name() {
  return layer_action_group;
}

void LayerActionTable::add(std::span<const MomentRow> rows, std::span<const std::int64_t> counts) {
  for (const MomentRow& row : rows) {
    tokens_.push(row.tokens);
    times_.push(count_of(row.now));
  }
  actions_.push(counts);
  if (actions_.is_full()) write();
}

void LayerActionTable::write() {
  tokens_.write();
  times_.write();
  actions_.write();
}

}  // namespace synfire::detail
