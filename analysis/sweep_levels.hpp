// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/sweep_table.hpp"

namespace synfire {

/// Values of one parameter in few groups, for charts and sensitivity: each value alone, or eight
/// equally filled ranges of more values than most_levels.
class SweepLevels {
 public:
  /// Of rows `members` of the table.
  SweepLevels(const SweepTable& table, const std::vector<std::size_t>& members,
              std::size_t parameter);

  std::size_t count() const { return least_.size(); }
  /// Ascending with the value.
  std::size_t level_of(std::int64_t value) const;
  /// As a chip file has it: `128 KiB`, `tree`, or `1 ns to 1.4 ns`.
  std::string name(std::size_t level) const;
  /// `tree`, or the smallest value of a range.
  std::string least(std::size_t level) const;

 private:
  std::string key_path_;
  std::vector<std::int64_t> least_;  ///< of each level, ascending
  std::vector<std::int64_t> most_;
};

inline constexpr std::size_t most_levels = 16;

/// Rows of one workload that did not fail.
std::vector<std::size_t> measured_rows(const SweepTable& table, std::uint32_t workload);

/// How much a parameter alone decides a metric: the share of the metric's variance that lies
/// between the levels of the parameter (correlation ratio, Pearson 1905; the first-order index of
/// Sobol' 1993 if the points are spread evenly). Parameters of a sweep with failed points are not
/// independent, so shares may add up to more than 1.
///
/// Returns  0 .. 1; 0 if the metric is the same everywhere.
double sensitivity(const SweepTable& table, const std::vector<std::size_t>& members,
                   std::size_t parameter, std::size_t metric);

}  // namespace synfire
