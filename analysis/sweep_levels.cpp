// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_levels.hpp"

#include <algorithm>

namespace synfire {

SweepLevels::SweepLevels(const SweepTable& table, const std::vector<std::size_t>& members,
                         std::size_t parameter)
    : key_path_(table.header.parameters[parameter]) {
  constexpr std::size_t ranges = 8;
  std::vector<std::int64_t> values;
  for (const std::size_t i : members) values.push_back(table.rows[i].values[parameter]);
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  const std::size_t levels = values.size() > most_levels ? ranges : values.size();
  for (std::size_t i = 0; i < levels; ++i) {
    least_.push_back(values[i * values.size() / levels]);
    most_.push_back(values[(i + 1) * values.size() / levels - 1]);
  }
}

std::size_t SweepLevels::level_of(std::int64_t value) const {
  const auto after = std::ranges::upper_bound(least_, value);
  return after == least_.begin() ? 0 : static_cast<std::size_t>(after - least_.begin()) - 1;
}

std::string SweepLevels::name(std::size_t level) const {
  if (least_[level] == most_[level]) return least(level);
  return least(level) + " to " + value_as_written(key_path_, most_[level]);
}

std::string SweepLevels::least(std::size_t level) const {
  return value_as_written(key_path_, least_[level]);
}

std::vector<std::size_t> measured_rows(const SweepTable& table, std::uint32_t workload) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (table.rows[i].workload == workload && !table.rows[i].has_failed()) members.push_back(i);
  }
  return members;
}

double sensitivity(const SweepTable& table, const std::vector<std::size_t>& members,
                   std::size_t parameter, std::size_t metric) {
  const SweepLevels levels(table, members, parameter);
  std::vector<double> sums(levels.count(), 0);
  std::vector<double> counts(levels.count(), 0);
  double mean = 0;
  for (const std::size_t i : members) {
    const std::size_t level = levels.level_of(table.rows[i].values[parameter]);
    sums[level] += table.rows[i].metrics[metric];
    counts[level] += 1;
    mean += table.rows[i].metrics[metric] / static_cast<double>(members.size());
  }
  double between = 0;
  for (std::size_t level = 0; level < levels.count(); ++level) {
    if (counts[level] == 0) continue;
    const double away = sums[level] / counts[level] - mean;
    between += counts[level] * away * away;
  }
  double whole = 0;
  for (const std::size_t i : members) {
    const double away = table.rows[i].metrics[metric] - mean;
    whole += away * away;
  }
  return whole == 0 ? 0 : std::min(1.0, between / whole);
}

}  // namespace synfire
