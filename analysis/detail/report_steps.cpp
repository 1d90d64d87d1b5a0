// SPDX-License-Identifier: Apache-2.0
// Steps and critical paths of a report: write_steps of report_tables.hpp.

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "analysis/critical_path.hpp"
#include "analysis/detail/report_tables.hpp"
#include "analysis/layers.hpp"

namespace synfire::detail {
namespace {

constexpr std::uint64_t rows_at_a_time = std::uint64_t{1} << 16U;
constexpr std::size_t block_rows = std::size_t{1} << 14U;
constexpr std::int64_t unknown = -1;

std::int64_t picoseconds_of(TimePoint time) {
  return time.time_since_epoch().count();
}

/// Rows of whole tokens, written in blocks with their first and last token.
template <std::size_t columns>
class TokenTable {
 public:
  explicit TokenTable(ReportBlob& blob) : blob_(blob) {}

  void add(const std::array<std::int64_t, columns>& row) {
    for (std::size_t i = 0; i < columns; ++i) columns_[i].push_back(row[i]);
  }
  void end_token() {
    if (columns_[0].size() >= block_rows) flush();
  }
  ReportJson finish() {
    if (!columns_[0].empty()) flush();
    return std::move(blocks_);
  }

 private:
  void flush() {
    const BlobPiece piece = blob_.add(columns_);
    blocks_.push_back(
        {piece.at, piece.characters, piece.rows, columns_[0].front(), columns_[0].back()});
    for (ReportColumn& column : columns_) column.clear();
  }

  ReportBlob& blob_;
  std::array<ReportColumn, columns> columns_;  ///< the first is the token
  ReportJson blocks_ = ReportJson::array();
};

struct Interval {
  std::int64_t started = unknown;
  std::int64_t ended = unknown;

  bool is_known() const { return ended != unknown; }
  void add(std::int64_t from, std::int64_t to) {
    started = is_known() ? std::min(started, from) : from;
    ended = std::max(ended, to);
  }
};

/// Gathers the steps of tokens under way and writes each token once it is whole.
class StepWriter {
 public:
  StepWriter(const Recording& recording, ReportBlob& blob)
      : recording_(recording),
        blob_(blob),
        tokens_(recording.tokens()),
        has_projections_(!recording.projections().empty()),
        finder_(recording.projections(), recording.slices(), recording.time_steps()),
        steps_(blob),
        path_(blob) {
    std::vector<std::string> names;
    for (const RecordedPopulation& population : recording.populations()) {
      names.push_back(population.name);
    }
    for (const std::string& layer : layers_of(names)) {
      const auto found = std::ranges::find(layers_, layer);
      layer_of_population_.push_back(static_cast<std::size_t>(found - layers_.begin()));
      if (found == layers_.end()) layers_.push_back(layer);
    }
    layer_columns_.assign(2 * layers_.size(), ReportColumn(tokens_.size(), unknown));
  }

  /// Steps ascend in their ends: what ended before the logits of the next token is whole.
  void add(const std::vector<StepRecord>& steps) {
    finder_.add(steps);
    for (const StepRecord& step : steps) gather(step);
    while (next_ + 1 < tokens_.size() && tokens_[next_ + 1].finished < steps.back().ended) {
      write_token();
    }
  }

  ReportJson finish() {
    while (next_ < tokens_.size()) write_token();
    for (const auto& [token, gathered] : under_way_) write_steps(token, gathered);
    return {{"layers", layers_},
            {"layer_times", json_of(blob_.add(layer_columns_))},
            {"blocks", steps_.finish()},
            {"critical_path", path_.finish()}};
  }

 private:
  using Gathered = std::vector<Interval>;  ///< [population][time step]

  void gather(const StepRecord& step) {
    Gathered& gathered = under_way_[step.token];
    const std::size_t time_steps = recording_.time_steps();
    gathered.resize(recording_.populations().size() * time_steps);
    const std::size_t population = index(recording_.slices()[index(step.slice)].population);
    gathered[population * time_steps + step.step].add(picoseconds_of(step.started),
                                                      picoseconds_of(step.ended));
  }

  void write_token() {
    const RecordedToken& token = tokens_[next_];
    const auto path = finder_.take(token);
    if (path && has_projections_) {
      for (const CriticalStep& step : path->steps) {
        path_.add({token.token, index(step.slice), step.step, picoseconds_of(step.waited),
                   picoseconds_of(step.started), picoseconds_of(step.ended)});
      }
      path_.end_token();
    }
    if (const auto found = under_way_.find(token.token); found != under_way_.end()) {
      note_layers(found->second);
      write_steps(token.token, found->second);
    }
    under_way_.erase(under_way_.begin(), under_way_.upper_bound(token.token));
    ++next_;
  }

  void note_layers(const Gathered& gathered) {
    std::vector<Interval> layers(layers_.size());
    for (std::size_t i = 0; i < gathered.size(); ++i) {
      if (!gathered[i].is_known()) continue;
      layers[layer_of_population_[i / recording_.time_steps()]].add(gathered[i].started,
                                                                    gathered[i].ended);
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
      layer_columns_[2 * i][next_] = layers[i].started;
      layer_columns_[2 * i + 1][next_] = layers[i].ended;
    }
  }

  void write_steps(std::uint32_t token, const Gathered& gathered) {
    const std::int64_t time_steps = recording_.time_steps();
    for (std::size_t i = 0; i < gathered.size(); ++i) {
      if (!gathered[i].is_known()) continue;
      const auto at = static_cast<std::int64_t>(i);
      steps_.add({token, at / time_steps, at % time_steps, gathered[i].started, gathered[i].ended});
    }
    steps_.end_token();
  }

  const Recording& recording_;
  ReportBlob& blob_;
  std::vector<RecordedToken> tokens_;
  std::size_t next_ = 0;  ///< the first token that is not written
  bool has_projections_;  ///< without them no path is known
  CriticalPathFinder finder_;
  std::vector<std::string> layers_;
  std::vector<std::size_t> layer_of_population_;
  std::map<std::uint32_t, Gathered> under_way_;
  std::vector<ReportColumn> layer_columns_;  ///< [layer, started or ended][token]
  TokenTable<5> steps_;
  TokenTable<6> path_;
};

}  // namespace

ReportJson write_steps(const Recording& recording, ReportBlob& blob,
                       const std::function<void(std::uint64_t)>& advance) {
  StepWriter writer(recording, blob);
  const std::uint64_t rows = recording.step_count();
  for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
    const auto steps = recording.steps(first, std::min(rows_at_a_time, rows - first));
    writer.add(steps);
    advance(steps.size());
  }
  return writer.finish();
}

}  // namespace synfire::detail
