// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep.hpp"

#include <optional>
#include <utility>

#include "analysis/sweep_keys.hpp"
#include "analysis/sweep_metrics.hpp"
#include "analysis/sweep_ranks.hpp"
#include "analysis/sweep_search.hpp"
#include "analysis/sweep_tasks.hpp"
#include "sim/parallel.hpp"

namespace synfire {
namespace {

class Sweep {
 public:
  Sweep(const SweepDefinition& definition, const SweepChip& chip, std::span<const SweepWork> works,
        SweepWriter& writer, const SweepOptions& options)
      : definition_(definition), chip_(chip), works_(works), writer_(writer), options_(options) {
    if (options.ranks != nullptr) server_.emplace(*options.ranks);
  }

  bool run(std::span<const SweepPoint> first, const SweepHeader& header) {
    for (std::uint32_t round = 0; round <= definition_.narrowing.rounds; ++round) {
      const std::vector<SweepPoint> points =
          round == 0 ? std::vector<SweepPoint>(first.begin(), first.end())
                     : next_points(definition_, chip_.description, header, earlier_rows(), round);
      if (points.empty()) break;
      if (!run_round(round, points)) return false;
    }
    if (server_) server_->dismiss();
    return true;
  }

 private:
  /// Rows of the rounds before; a resumed sweep may have some of this one already.
  std::vector<SweepRow> earlier_rows() const {
    return {writer_.rows().begin(), writer_.rows().begin() + static_cast<std::ptrdiff_t>(begun_)};
  }

  std::vector<SweepRow> rows_of(std::uint32_t round, const std::vector<SweepPoint>& points) {
    std::vector<SweepRow> rows;
    for (const SweepPoint& point : points) {
      for (std::uint32_t work = 0; work < works_.size(); ++work) {
        rows.push_back({.round = round,
                        .point = points_begun_,
                        .workload = work,
                        .values = point,
                        .metrics = {},
                        .error = {}});
      }
      ++points_begun_;
    }
    return rows;
  }

  bool run_round(std::uint32_t round, const std::vector<SweepPoint>& points) {
    std::vector<SweepRow> rows = rows_of(round, points);
    const std::size_t end = begun_ + rows.size();
    const std::size_t done = std::min(rows.size(), writer_.rows().size() - begun_);
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(done));
    const std::size_t to_come =
        std::size_t{definition_.narrowing.rounds - round} * definition_.narrowing.points;
    SweepTasks tasks(std::move(rows), writer_, options_, end + to_come * works_.size());
    const auto work = [&] {
      while (auto task = tasks.take()) {
        const SweepWork& given = works_[task->row.workload];
        task->row = evaluate(definition_, chip_, given, std::move(task->row));
        tasks.give(std::move(*task));
      }
    };
    if (server_) {
      server_->serve(tasks, options_.threads, work);
    } else {
      parallel_for(options_.threads, options_.threads, [&](std::size_t) { work(); });
    }
    begun_ = end;
    return !tasks.is_stopped();
  }

  const SweepDefinition& definition_;
  const SweepChip& chip_;
  std::span<const SweepWork> works_;
  SweepWriter& writer_;
  const SweepOptions& options_;
  std::size_t begun_ = 0;           ///< rows of this round and those before
  std::uint32_t points_begun_ = 0;  ///< points of them
  std::optional<SweepServer> server_;
};

}  // namespace

bool run_sweep(const SweepDefinition& definition, const SweepChip& chip,
               std::span<const SweepPoint> first, std::span<const SweepWork> works,
               SweepWriter& writer, const SweepOptions& options) {
  const SweepHeader header = sweep_header(definition, chip, {});
  return Sweep(definition, chip, works, writer, options).run(first, header);
}

SweepHeader sweep_header(const SweepDefinition& definition, const SweepChip& chip,
                         std::vector<std::string> facts) {
  SweepHeader header;
  header.facts = std::move(facts);
  header.chip_yaml = chip.yaml;
  for (const SweepAxis& axis : definition.axes) {
    header.parameters.push_back(axis.key_path());
    header.units.push_back(sweep_unit(*axis.parameter));
  }
  for (const SweepWorkload& workload : definition.workloads) {
    header.workloads.push_back(workload.name);
  }
  for (const SweepMetric& metric : sweep_metrics()) {
    header.metrics.emplace_back(metric.name);
    header.metric_units.emplace_back(metric.units);
  }
  for (const std::size_t objective : definition.objectives) {
    header.objectives.emplace_back(sweep_metrics()[objective].name);
  }
  return header;
}

}  // namespace synfire
