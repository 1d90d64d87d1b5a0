// SPDX-License-Identifier: Apache-2.0
#include "analysis/recorder.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/detail/recording_copy.hpp"
#include "analysis/detail/recording_description.hpp"
#include "analysis/detail/recording_layout.hpp"
#include "analysis/detail/recording_link_use.hpp"
#include "analysis/detail/recording_tables.hpp"
#include "analysis/layers.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/pending_file.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

/// Rows between two flushes at most, if no token ends before.
constexpr std::uint64_t flush_rows = 1U << 19U;

/// 0 without a readout.
std::uint64_t vocabulary_of(const Network& network) {
  return network.readout() ? network.population(*network.readout()).size : 0;
}

Hdf5File create_part(const std::filesystem::path& part, const RunDescription& description) {
  Hdf5File file = Hdf5File::create_streaming(part);
  detail::write_signature(file, false);
  detail::write_description(file, description);
  return file;
}

detail::LayerActionTable action_table(Hdf5File& file, const RunDescription& description) {
  const std::vector<std::string> names = layers_of(description.network);
  std::vector<std::string> layers;
  std::vector<std::size_t> layer_of_slice;
  for (const PopulationSlice& slice : description.mapping.slices) {
    const std::string& layer = names[index(slice.population)];
    const auto found = std::ranges::find(layers, layer);
    layer_of_slice.push_back(static_cast<std::size_t>(found - layers.begin()));
    if (found == layers.end()) layers.push_back(layer);
  }
  file.write_strings(detail::layer_names, layers);
  file.write_string_attribute(detail::layer_names, "units", "text");
  return {file, std::move(layer_of_slice), layers.size()};
}

}  // namespace

struct Recorder::Impl {
  Impl(std::filesystem::path destination, const RunDescription& description);

  std::uint64_t write_tables();
  void commit();
  void add_rows(std::uint64_t rows);
  void close();

  std::filesystem::path destination;
  std::filesystem::path part;
  Hdf5File file;
  /// Per population; empty for those without spikes or without a request for potentials.
  std::vector<std::optional<detail::SpikeTable>> spikes;
  std::vector<std::optional<detail::PotentialTable>> potentials;
  std::optional<detail::StepTable> steps;
  std::optional<detail::LayerActionTable> actions;
  std::optional<detail::LinkUseTable> link_use;
  std::optional<detail::TokenTable> tokens;
  std::map<std::uint32_t, TokenOrigin> origins;
  std::uint64_t rows_since_flush = 0;
  std::uint64_t committed_rows = 0;
  bool is_closed = false;
};

Recorder::Impl::Impl(std::filesystem::path file_name, const RunDescription& description)
    : destination(std::move(file_name)),
      part(part_of(destination)),
      file(create_part(part, description)) {
  const auto populations = description.network.populations();
  std::vector<std::string> tables;
  spikes.resize(populations.size());
  potentials.resize(populations.size());
  file.create_group("/spikes");
  for (std::size_t i = 0; i < populations.size(); ++i) {
    if (!detail::sends_spikes(populations[i].model)) continue;
    spikes[i].emplace(file, populations[i].name);
    tables.push_back(detail::sonata_group(populations[i].name));
  }
  for (const SimulationOptions::PotentialRequest& request : description.potentials) {
    const std::size_t i = index(request.population);
    if (potentials[i]) continue;
    potentials[i].emplace(file, populations[i].name);
    tables.push_back(detail::potential_group(populations[i].name));
  }
  steps.emplace(file);
  tables.emplace_back("/synfire/steps");
  actions.emplace(action_table(file, description));
  tables.emplace_back(detail::layer_action_group);
  link_use.emplace(file, build_graph(description.chip).links().size());
  tables.emplace_back(detail::link_use_group);
  // Last, so that a commit torn by a kill never announces a token without its spikes.
  tokens.emplace(file, vocabulary_of(description.network));
  tables.emplace_back("/synfire/tokens");
  file.write_strings(detail::recovery_tables, tables);
  file.write(detail::recovery_rows, std::vector<std::uint64_t>(tables.size(), 0));
  file.start_streaming();
}

/// Hands all rows to HDF5.
std::uint64_t Recorder::Impl::write_tables() {
  std::uint64_t rows = 0;
  const auto write = [&](auto& table) {
    if (!table) return;
    table->write();
    rows += table->written_rows();
  };
  for (auto& table : spikes) write(table);
  for (auto& table : potentials) write(table);
  write(steps);
  write(actions);
  write(link_use);
  write(tokens);
  return rows;
}

/// First the rows, then the numbers that declare them safe.
void Recorder::Impl::commit() {
  const std::uint64_t rows = write_tables();
  file.flush();
  std::vector<std::uint64_t> counts;
  const auto count = [&](const auto& table) {
    if (table) counts.push_back(table->written_rows());
  };
  for (const auto& table : spikes) count(table);
  for (const auto& table : potentials) count(table);
  count(steps);
  count(actions);
  count(link_use);
  count(tokens);
  file.write_rows<std::uint64_t>(detail::recovery_rows, 0, counts);
  file.flush();
  committed_rows = rows;
  rows_since_flush = 0;
}

void Recorder::Impl::add_rows(std::uint64_t rows) {
  rows_since_flush += rows;
  if (rows_since_flush >= flush_rows) commit();
}

void Recorder::Impl::close() {
  spikes.clear();
  potentials.clear();
  steps.reset();
  actions.reset();
  link_use.reset();
  tokens.reset();
  is_closed = true;
  file.close();
}

Recorder::Recorder(const std::filesystem::path& file, const RunDescription& description) {
  const std::filesystem::path part = part_of(file);
  std::error_code ignored;
  if (std::filesystem::exists(part, ignored)) {
    throw IoError(part.string(),
                  "belongs to a run that has not ended, or was killed; recover it (synfire info "
                  "--recover) or remove it");
  }
  try {
    impl_ = std::make_unique<Impl>(file, description);
  } catch (...) {
    std::filesystem::remove(part, ignored);
    throw;
  }
}

Recorder::~Recorder() {
  if (impl_->is_closed) return;
  try {
    impl_->commit();
    impl_->close();
  } catch (const Error&) {
    // The error that ended the run is on its way; what was committed before stays.
    impl_->file.abandon();
  }
  std::error_code ignored;
  if (impl_->committed_rows == 0) std::filesystem::remove(impl_->part, ignored);
}

void Recorder::name_token(std::uint32_t token, const TokenOrigin& origin) {
  impl_->origins[token] = origin;
}

void Recorder::on_spikes(std::span<const SpikeRecord> spikes) {
  for (const SpikeRecord& spike : spikes) impl_->spikes[index(spike.population)]->add(spike);
  impl_->add_rows(spikes.size());
}

void Recorder::on_steps(std::span<const StepRecord> steps) {
  for (const StepRecord& step : steps) impl_->steps->add(step);
  impl_->add_rows(steps.size());
}

void Recorder::on_potentials(const PotentialRecord& potentials) {
  auto& table = impl_->potentials[index(potentials.population)];
  if (!table) return;
  table->add(potentials);
  impl_->add_rows(potentials.potentials.size());
}

void Recorder::on_token(const TokenRecord& token) {
  TokenOrigin origin{.id = unnamed_token, .position = unnamed_token};
  if (const auto named = impl_->origins.extract(token.token)) origin = named.mapped();
  impl_->tokens->add(token, origin.id, origin.position, origin.is_given);
  flush();
}

void Recorder::note_actions(std::uint32_t tokens, const SimulationTotals& totals) {
  impl_->actions->add(tokens, totals.now, totals.slices);
  impl_->link_use->add(tokens, totals.now, totals.link_use);
}

void Recorder::flush() {
  impl_->commit();
}

void Recorder::finish(const RunOutcome& outcome) {
  impl_->commit();
  impl_->close();
  PendingFile pending(impl_->destination);
  {
    const Hdf5File part = Hdf5File::open_uninspected(impl_->part, Hdf5Writer::finished);
    Hdf5File file = Hdf5File::create(pending.path());
    detail::copy_part(part, file, outcome.is_complete);
    detail::write_outcome(file, outcome);
    file.close();
  }
  pending.publish();
  std::error_code ignored;
  std::filesystem::remove(impl_->part, ignored);
}

std::filesystem::path part_of(const std::filesystem::path& file) {
  std::filesystem::path part = file;
  part += ".part";
  return part;
}

}  // namespace synfire
