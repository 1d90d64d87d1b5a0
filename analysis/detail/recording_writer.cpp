// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_writer.hpp"

#include <span>
#include <string>

#include "analysis/detail/recording_description.hpp"
#include "analysis/detail/recording_layout.hpp"

namespace synfire::detail {
namespace {

/// 0 without a readout.
std::uint64_t vocabulary_of(const Network& network) {
  return network.readout() ? network.population(*network.readout()).size : 0;
}

Hdf5File create_part(const std::filesystem::path& part, const RunDescription& description) {
  Hdf5File file = Hdf5File::create_streaming(part);
  write_signature(file, false);
  write_description(file, description);
  return file;
}

}  // namespace

RecordingWriter::RecordingWriter(const std::filesystem::path& part,
                                 const RunDescription& description,
                                 const std::vector<std::string>& layers, std::size_t links)
    : file_(create_part(part, description)) {
  file_.write_strings(layer_names, layers);
  file_.write_string_attribute(layer_names, "units", "text");
  file_.create_group("/spikes");
  make_tables(description, layers.size(), links);
  std::vector<std::string> names;
  for_each_table([&](const auto& table) { names.push_back(table.name()); });
  file_.write_strings(recovery_tables, names);
  file_.write(recovery_rows, std::vector<std::uint64_t>(names.size(), 0));
  file_.start_streaming();
}

void RecordingWriter::make_tables(const RunDescription& description, std::size_t layers,
                                  std::size_t links) {
  const auto populations = description.network.populations();
  spikes_.resize(populations.size());
  potentials_.resize(populations.size());
  for (std::size_t i = 0; i < populations.size(); ++i) {
    if (sends_spikes(populations[i].model)) spikes_[i].emplace(file_, populations[i].name);
  }
  for (const SimulationOptions::PotentialRequest& request : description.potentials) {
    const std::size_t i = index(request.population);
    if (!potentials_[i]) potentials_[i].emplace(file_, populations[i].name);
  }
  steps_.emplace(file_);
  if (description.packets) packets_.emplace(file_);
  actions_.emplace(file_, layers);
  link_use_.emplace(file_, links);
  tokens_.emplace(file_, vocabulary_of(description.network));
}

/// Tokens last, so that a commit torn by a kill never announces a token without its spikes.
template <typename Visit>
void RecordingWriter::for_each_table(const Visit& visit) {
  for (auto& table : spikes_) {
    if (table) visit(*table);
  }
  for (auto& table : potentials_) {
    if (table) visit(*table);
  }
  visit(*steps_);
  if (packets_) visit(*packets_);
  visit(*actions_);
  visit(*link_use_);
  visit(*tokens_);
}

void RecordingWriter::write(const RecordBlock& block) {
  for (const SpikeRecord& spike : block.spikes) spikes_[index(spike.population)]->add(spike);
  for (const StepRecord& step : block.steps) steps_->add(step);
  for (const PacketRecord& packet : block.packets) packets_->add(packet);
  std::span<const std::int32_t> values = block.potential_values;
  for (const PotentialRow& row : block.potentials) {
    auto& table = potentials_[index(row.record.population)];
    if (table) table->add(row.record, values.first(row.count));
    values = values.subspan(row.count);
  }
  actions_->add(block.moments, block.action_counts);
  link_use_->add(block.moments, block.link_bits, block.link_busy);
  tokens_->add(block.tokens, block.logits);
  if (block.commits) commit();
}

/// First the rows, then the numbers that declare them safe.
void RecordingWriter::commit() {
  std::vector<std::uint64_t> rows;
  for_each_table([&](auto& table) {
    table.write();
    rows.push_back(table.written_rows());
    has_committed_ |= rows.back() != 0;
  });
  file_.flush();
  file_.write_rows<std::uint64_t>(recovery_rows, 0, rows);
  file_.flush();
}

void RecordingWriter::close() {
  spikes_.clear();
  potentials_.clear();
  steps_.reset();
  packets_.reset();
  actions_.reset();
  link_use_.reset();
  tokens_.reset();
  file_.close();
}

void RecordingWriter::abandon() {
  file_.abandon();
}

}  // namespace synfire::detail
