// SPDX-License-Identifier: Apache-2.0
#include "analysis/recorder.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <utility>

#include "analysis/detail/layer_action_counter.hpp"
#include "analysis/detail/record_block.hpp"
#include "analysis/detail/recording_copy.hpp"
#include "analysis/detail/recording_description.hpp"
#include "analysis/detail/recording_link_use.hpp"
#include "analysis/detail/recording_writer.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/parallel_worker.hpp"
#include "sim/pending_file.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

using detail::RecordBlock;

/// A block is handed over when it holds this much; there are `waiting_blocks` + 2.
constexpr std::size_t block_bytes = std::size_t{1} << 19U;
constexpr std::size_t waiting_blocks = 2;
/// What a kill may cost (analysis/RECORDING.md).
constexpr std::chrono::seconds commit_interval{1};

}  // namespace

/// The simulation fills one block while the worker writes those before it. The worker alone calls
/// HDF5 until everything handed over is written.
struct Recorder::Impl {
  Impl(std::filesystem::path file_name, const RunDescription& description)
      : destination(std::move(file_name)),
        part(part_of(destination)),
        layer_actions(description.network, description.mapping),
        link_use(build_graph(description.chip).links().size()),
        records_packets(description.packets),
        writer(part, description, layer_actions.layers(), link_use.links()) {}

  RecordBlock& block() { return blocks[current]; }
  template <typename Record>
  void add(std::span<const Record> records, std::vector<Record> RecordBlock::*list);
  void hand_over();
  void hand_over_if_due();
  void commit();
  void close();

  std::filesystem::path destination;
  std::filesystem::path part;
  detail::LayerActionCounter layer_actions;
  detail::LinkUseCounter link_use;
  TimePoint noted_until{};  ///< actions and links
  std::map<std::uint32_t, TokenOrigin> origins;
  std::chrono::steady_clock::time_point last_commit = std::chrono::steady_clock::now();
  bool records_packets;
  bool is_closed = false;
  detail::RecordingWriter writer;
  /// Those waiting, the one being written, and the one being filled.
  std::array<RecordBlock, waiting_blocks + 2> blocks;
  std::size_t current = 0;
  OrderedWorker worker{waiting_blocks};  ///< last: ends before what it works on
};

/// Copies records to the block, and on to the next one where it is full.
template <typename Record>
void Recorder::Impl::add(std::span<const Record> records, std::vector<Record> RecordBlock::*list) {
  while (!records.empty()) {
    const std::size_t used = block().bytes();
    const std::size_t room = used < block_bytes ? (block_bytes - used) / sizeof(Record) + 1 : 1;
    const auto some = records.first(std::min(room, records.size()));
    auto& to = block().*list;
    to.insert(to.end(), some.begin(), some.end());
    records = records.subspan(some.size());
    hand_over_if_due();
  }
}

void Recorder::Impl::hand_over() {
  RecordBlock* full = &block();
  worker.submit([this, full] { writer.write(*full); });
  current = (current + 1) % blocks.size();
  block().clear();
}

void Recorder::Impl::hand_over_if_due() {
  const auto now = std::chrono::steady_clock::now();
  block().commits = now - last_commit >= commit_interval;
  if (block().commits) last_commit = now;
  if (block().commits || block().bytes() >= block_bytes) hand_over();
}

void Recorder::Impl::commit() {
  block().commits = true;
  hand_over();
  worker.wait();
  last_commit = std::chrono::steady_clock::now();
}

void Recorder::Impl::close() {
  is_closed = true;
  writer.close();
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
  } catch (...) {
    // The error that ended the run is on its way; what was committed before stays.
    impl_->writer.abandon();
  }
  std::error_code ignored;
  if (!impl_->writer.has_committed()) std::filesystem::remove(impl_->part, ignored);
}

void Recorder::name_token(std::uint32_t token, const TokenOrigin& origin) {
  impl_->origins[token] = origin;
}

void Recorder::on_spikes(std::span<const SpikeRecord> spikes) {
  impl_->add(spikes, &RecordBlock::spikes);
}

void Recorder::on_steps(std::span<const StepRecord> steps) {
  impl_->add(steps, &RecordBlock::steps);
}

void Recorder::on_packets(std::span<const PacketRecord> packets) {
  if (impl_->records_packets) impl_->add(packets, &RecordBlock::packets);
}

void Recorder::on_potentials(const PotentialRecord& potentials) {
  RecordBlock& block = impl_->block();
  block.potentials.push_back({potentials, potentials.potentials.size()});
  block.potential_values.insert(block.potential_values.end(), potentials.potentials.begin(),
                                potentials.potentials.end());
  impl_->hand_over_if_due();
}

void Recorder::on_token(const TokenRecord& token) {
  TokenOrigin origin{.id = unnamed_token, .position = unnamed_token};
  if (const auto named = impl_->origins.extract(token.token)) origin = named.mapped();
  RecordBlock& block = impl_->block();
  block.tokens.push_back(
      {token.token, origin.id, origin.position, origin.is_given, token.injected, token.finished});
  block.logits.insert(block.logits.end(), token.logits.begin(), token.logits.end());
  impl_->hand_over_if_due();
}

void Recorder::note_actions(std::uint32_t tokens, const SimulationTotals& totals) {
  if (totals.now == impl_->noted_until) return;
  impl_->noted_until = totals.now;
  const auto counts = impl_->layer_actions.since_last(totals.slices);
  RecordBlock& block = impl_->block();
  block.moments.push_back({tokens, totals.now});
  block.action_counts.insert(block.action_counts.end(), counts.begin(), counts.end());
  impl_->link_use.add_since_last(totals.link_use, block.link_bits, block.link_busy);
  impl_->hand_over_if_due();
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
