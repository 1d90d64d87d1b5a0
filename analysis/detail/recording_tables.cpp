// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_tables.hpp"

#include <utility>

#include "analysis/detail/recording_layout.hpp"
#include "sim/error.hpp"

namespace synfire::detail {
namespace {

constexpr double picoseconds_per_millisecond = 1e9;
constexpr std::uint64_t logit_chunk_rows = 64;
constexpr const char* logit_dataset = "/synfire/tokens/logits";

std::int64_t count_of(TimePoint time) {
  return time.time_since_epoch().count();
}

Hdf5Column logit_column(Hdf5File& file, std::uint64_t vocabulary) {
  Hdf5Column column(file, logit_dataset,
                    {.type = Hdf5Type::int32,
                     .width = vocabulary,
                     .is_matrix = true,
                     .chunk_rows = logit_chunk_rows});
  file.write_string_attribute(logit_dataset, "units", "1");
  return column;
}

Hdf5Column action_column(Hdf5File& file, std::uint64_t layers) {
  constexpr std::uint64_t chunk_rows = 64;
  const std::string dataset = layer_action_group + std::string("/actions");
  Hdf5Column column(file, dataset,
                    {.type = Hdf5Type::int64,
                     .width = layers * action_kinds,
                     .is_matrix = true,
                     .chunk_rows = chunk_rows});
  file.write_string_attribute(dataset, "units", "1");
  return column;
}

}  // namespace

SpikeTable::SpikeTable(Hdf5File& file, const std::string& population)
    : timestamps_(file, sonata_group(population) + "/timestamps", "ms"),
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

PotentialTable::PotentialTable(Hdf5File& file, const std::string& population)
    : times_(file, potential_group(population) + "/time_ps", "ps"),
      tokens_(file, potential_group(population) + "/token", "1"),
      steps_(file, potential_group(population) + "/time_step", "1"),
      neurons_(file, potential_group(population) + "/node_ids", "1"),
      potentials_(file, potential_group(population) + "/potential", "weight units") {}

void PotentialTable::add(const PotentialRecord& record) {
  std::uint32_t neuron = record.first_neuron;
  for (const std::int32_t potential : record.potentials) {
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
  if (vocabulary > 0) logits_.emplace(logit_column(file, vocabulary));
}

void TokenTable::add(const TokenRecord& token, std::uint32_t id, std::uint32_t position,
                     bool is_given) {
  tokens_.push(token.token);
  ids_.push(id);
  positions_.push(position);
  given_.push(std::uint8_t{is_given});
  injected_.push(count_of(token.injected));
  finished_.push(count_of(token.finished));
  logit_buffer_.insert(logit_buffer_.end(), token.logits.begin(), token.logits.end());
}

void TokenTable::write() {
  tokens_.write();
  ids_.write();
  positions_.write();
  given_.write();
  injected_.write();
  finished_.write();
  if (logits_) logits_->append(std::span<const std::int32_t>(logit_buffer_));
  logit_buffer_.clear();
}

LayerActionTable::LayerActionTable(Hdf5File& file, std::vector<std::size_t> layer_of_slice,
                                   std::size_t layers)
    : tokens_(file, layer_action_group + std::string("/tokens"), "1"),
      times_(file, layer_action_group + std::string("/time_ps"), "ps"),
      actions_(action_column(file, layers)),
      layer_of_slice_(std::move(layer_of_slice)),
      before_(layers * action_kinds) {}

void LayerActionTable::add(std::uint32_t tokens, TimePoint now,
                           std::span<const ActionCounts> slices) {
  if (now == last_) return;
  last_ = now;
  std::vector<std::int64_t> sums(before_.size());
  for (std::size_t slice = 0; slice < slices.size(); ++slice) {
    const std::size_t first = layer_of_slice_[slice] * action_kinds;
    for (std::size_t i = 0; i < action_kinds; ++i) {
      sums[first + i] += slices[slice][static_cast<Action>(i)];
    }
  }
  tokens_.push(tokens);
  times_.push(count_of(now));
  for (std::size_t i = 0; i < sums.size(); ++i) action_buffer_.push_back(sums[i] - before_[i]);
  before_ = std::move(sums);
}

void LayerActionTable::write() {
  tokens_.write();
  times_.write();
  actions_.append(std::span<const std::int64_t>(action_buffer_));
  action_buffer_.clear();
}

}  // namespace synfire::detail
