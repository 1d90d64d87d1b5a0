// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "analysis/plot.hpp"
#include "analysis/sweep_table.hpp"

namespace synfire {

/// What to show of a sweep.
struct SweepSelection {
  std::string workload;                 ///< empty: the first
  std::vector<std::string> parameters;  ///< key paths; empty: as each figure says
  std::string metric;                   ///< empty: the first objective
};

/// Each makes one figure of a finished sweep, of the points of one workload that did not fail.
///
/// Throws  ConfigError for names that the sweep does not have, and if no point is left.

/// The first objective against the second, or against the first metric that is none; a third
/// objective in colour. Points on the front are joined.
Figure plot_sweep_pareto(const SweepTable& table, const SweepSelection& selection);

/// Every point as a line over parameters and objectives, those on the front on top.
Figure plot_sweep_parallel(const SweepTable& table, const SweepSelection& selection);

/// How much each parameter alone decides each objective (sweep_levels.hpp).
Figure plot_sweep_sensitivity(const SweepTable& table, const SweepSelection& selection);

/// The best value of a metric over two parameters, by default the two that decide it most.
Figure plot_sweep_heatmap(const SweepTable& table, const SweepSelection& selection);

}  // namespace synfire
