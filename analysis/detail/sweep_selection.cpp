// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/sweep_selection.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "analysis/sweep_levels.hpp"
#include "analysis/sweep_metrics.hpp"
#include "sim/error.hpp"
#include "sim/suggestion.hpp"

namespace synfire::detail {
namespace {

std::size_t place_of(const std::vector<std::string>& names, const std::string& name,
                     const char* option, const char* what) {
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string list;
  for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
  throw ConfigError(option, "the sweep has no " + std::string(what) + " `" + name + "`" +
                                suggestion(name, names) + "; there are " + list);
}

std::uint32_t workload_of(const SweepTable& table, const SweepSelection& selection) {
  if (selection.workload.empty()) return 0;
  return static_cast<std::uint32_t>(
      place_of(table.header.workloads, selection.workload, "--workload", "workload"));
}

}  // namespace

std::vector<std::size_t> selected_rows(const SweepTable& table, const SweepSelection& selection) {
  std::vector<std::size_t> rows = measured_rows(table, workload_of(table, selection));
  if (rows.empty()) {
    throw ConfigError("sweep", "all of its points failed; the table's errors say why");
  }
  return rows;
}

std::vector<std::size_t> objective_columns(const SweepHeader& header) {
  std::vector<std::size_t> columns;
  for (const std::string& name : header.objectives) columns.push_back(metric_column(header, name));
  return columns;
}

std::size_t metric_column(const SweepHeader& header, const std::string& name) {
  return place_of(header.metrics, name, "--metric", "metric");
}

std::size_t parameter_place(const SweepHeader& header, const std::string& key_path) {
  return place_of(header.parameters, key_path, "--parameter", "parameter");
}

bool is_maximised(const SweepHeader& header, std::size_t metric) {
  const auto known = std::ranges::find(sweep_metrics(), header.metrics[metric], &SweepMetric::name);
  return known != sweep_metrics().end() && known->is_maximised;
}

std::string sweep_title(const SweepTable& table, const SweepSelection& selection,
                        std::size_t shown) {
  const std::uint32_t workload = workload_of(table, selection);
  const auto all = std::ranges::count(table.rows, workload, &SweepRow::workload);
  return fmt::format("{} chips{}, workload {}", shown,
                     static_cast<std::size_t>(all) == shown ? "" : fmt::format(" of {}", all),
                     table.header.workloads[workload]);
}

std::string metric_label(const SweepHeader& header, std::size_t metric) {
  std::string label = header.metrics[metric];
  std::ranges::replace(label, '_', ' ');
  return label;
}

}  // namespace synfire::detail
