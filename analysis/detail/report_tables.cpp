// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/report_tables.hpp"

#include <algorithm>
#include <array>

namespace synfire::detail {
namespace {

constexpr std::uint64_t block_rows = std::uint64_t{1} << 15U;
constexpr std::int64_t density_bins = 2048;  // about two for each pixel of a laptop's screen
constexpr std::int64_t most_density_rows = 24;

std::int64_t picoseconds_of(TimePoint time) {
  return time.time_since_epoch().count();
}

ReportJson json_of_block(const BlobPiece& piece, std::int64_t first, std::int64_t last) {
  return ReportJson::array({piece.at, piece.characters, piece.rows, first, last});
}

/// Spikes of one population, read once.
class SpikeSummary {
 public:
  SpikeSummary(const Recording& recording, PopulationId population, std::int64_t end)
      : size_(recording.populations()[index(population)].size),
        end_(end),
        grid_rows_(std::min<std::int64_t>(size_, most_density_rows)),
        grid_(static_cast<std::size_t>(grid_rows_ * density_bins)) {
    for (const PopulationSlice& slice : recording.slices()) {
      if (slice.population != population) continue;
      slice_of_neuron_.resize(slice.end, activity_.size());
      activity_.emplace_back(recording.token_count());
    }
    slice_of_neuron_.resize(size_, activity_.size());
  }

  void add(const SpikeRecord& spike) {
    const std::int64_t row = spike.neuron * grid_rows_ / size_;
    const auto share = static_cast<double>(picoseconds_of(spike.time)) / static_cast<double>(end_);
    const auto bin = static_cast<std::int64_t>(share * density_bins);
    ++grid_[static_cast<std::size_t>(row * density_bins +
                                     std::clamp<std::int64_t>(bin, 0, density_bins - 1))];
    const std::size_t slice = slice_of_neuron_[spike.neuron];
    if (slice < activity_.size() && spike.token < activity_[slice].size()) {
      ++activity_[slice][spike.token];
    }
  }

  void write(ReportBlob& blob, ReportJson& entry) const {
    entry["density_rows"] = grid_rows_;
    entry["density"] = json_of(blob.add(grid_));
    entry["activity"] = json_of(blob.add(activity_));
  }

 private:
  std::int64_t size_;
  std::int64_t end_;
  std::int64_t grid_rows_;
  ReportColumn grid_;                         ///< [rows][bins]
  std::vector<std::size_t> slice_of_neuron_;  ///< among the population's
  std::vector<ReportColumn> activity_;        ///< [slices][tokens]
};

BlobPiece write_block(ReportBlob& blob, const std::vector<SpikeRecord>& spikes) {
  std::array<ReportColumn, 4> columns;
  for (const SpikeRecord& spike : spikes) {
    columns[0].push_back(picoseconds_of(spike.time));
    columns[1].push_back(spike.neuron);
    columns[2].push_back(spike.token);
    columns[3].push_back(spike.step);
  }
  return blob.add(columns);
}

BlobPiece write_block(ReportBlob& blob, const std::vector<RecordedPotential>& potentials) {
  std::array<ReportColumn, 5> columns;
  for (const RecordedPotential& row : potentials) {
    columns[0].push_back(picoseconds_of(row.time));
    columns[1].push_back(row.neuron);
    columns[2].push_back(row.token);
    columns[3].push_back(row.step);
    columns[4].push_back(row.potential);
  }
  return blob.add(columns);
}

ReportJson write_population_spikes(const Recording& recording, PopulationId population,
                                   std::int64_t end, ReportBlob& blob,
                                   const std::function<void(std::uint64_t)>& advance) {
  SpikeSummary summary(recording, population, end);
  ReportJson entry{{"blocks", ReportJson::array()}};
  const std::uint64_t rows = recording.spike_count(population);
  for (std::uint64_t first = 0; first < rows; first += block_rows) {
    const auto spikes = recording.spikes(population, first, std::min(block_rows, rows - first));
    for (const SpikeRecord& spike : spikes) summary.add(spike);
    entry["blocks"].push_back(json_of_block(write_block(blob, spikes),
                                            picoseconds_of(spikes.front().time),
                                            picoseconds_of(spikes.back().time)));
    advance(spikes.size());
  }
  summary.write(blob, entry);
  return entry;
}

}  // namespace

ReportJson json_of(const BlobPiece& piece) {
  return ReportJson::array({piece.at, piece.characters, piece.rows});
}

std::int64_t end_of(const Recording& recording) {
  TimePoint end{Duration{1}};
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    const std::uint64_t rows = recording.spike_count(PopulationId{i});
    if (rows > 0) end = std::max(end, recording.spikes(PopulationId{i}, rows - 1, 1).front().time);
  }
  const std::uint64_t steps = recording.step_count();
  if (steps > 0) end = std::max(end, recording.steps(steps - 1, 1).front().ended);
  for (const RecordedToken& token : recording.tokens()) end = std::max(end, token.finished);
  return picoseconds_of(end);
}

ReportJson write_spikes(const Recording& recording, ReportBlob& blob,
                        const std::function<void(std::uint64_t)>& advance) {
  ReportJson populations = ReportJson::array();
  const std::int64_t end = end_of(recording);
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    if (recording.spike_count(PopulationId{i}) == 0) {
      populations.push_back(nullptr);
    } else {
      populations.push_back(
          write_population_spikes(recording, PopulationId{i}, end, blob, advance));
    }
  }
  return {{"density_bins", density_bins}, {"populations", populations}};
}

ReportJson write_potentials(const Recording& recording, ReportBlob& blob,
                            const std::function<void(std::uint64_t)>& advance) {
  ReportJson result = ReportJson::array();
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    const std::uint64_t rows = recording.potential_count(PopulationId{i});
    if (rows == 0) continue;
    ReportJson blocks = ReportJson::array();
    for (std::uint64_t first = 0; first < rows; first += block_rows) {
      const auto block =
          recording.potentials(PopulationId{i}, first, std::min(block_rows, rows - first));
      blocks.push_back(json_of_block(write_block(blob, block), picoseconds_of(block.front().time),
                                     picoseconds_of(block.back().time)));
      advance(block.size());
    }
    result.push_back({{"population", i}, {"blocks", blocks}});
  }
  return result;
}

ReportJson write_layer_actions(const Recording& recording, ReportBlob& blob) {
  const std::vector<RecordedLayerActions> rows = recording.layer_actions();
  if (rows.empty()) return nullptr;
  const std::vector<std::string> layers = recording.layer_names();
  std::vector<ReportColumn> columns(2 + layers.size() * action_kinds);
  for (const RecordedLayerActions& row : rows) {
    columns[0].push_back(row.tokens);
    columns[1].push_back(picoseconds_of(row.time));
    for (std::size_t i = 2; i < columns.size(); ++i) {
      const std::size_t at = i - 2;
      columns[i].push_back(row.layers[at / action_kinds][static_cast<Action>(at % action_kinds)]);
    }
  }
  return {{"layers", layers}, {"rows", json_of(blob.add(columns))}};
}

}  // namespace synfire::detail
