// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/plot_sweep.hpp"
#include "analysis/sweep_table.hpp"

namespace synfire::detail {

/// Rows of the selected workload that did not fail; throws ConfigError if there are none.
std::vector<std::size_t> selected_rows(const SweepTable& table, const SweepSelection& selection);

/// Columns of the objectives among the metrics.
std::vector<std::size_t> objective_columns(const SweepHeader& header);

/// Column of a metric; throws ConfigError for an unknown one.
std::size_t metric_column(const SweepHeader& header, const std::string& name);
/// Place of a parameter; throws ConfigError for an unknown one.
std::size_t parameter_place(const SweepHeader& header, const std::string& key_path);

bool is_maximised(const SweepHeader& header, std::size_t metric);

/// `120 chips of 136, workload whale`.
std::string sweep_title(const SweepTable& table, const SweepSelection& selection,
                        std::size_t shown);

/// `energy per token`.
std::string metric_label(const SweepHeader& header, std::size_t metric);

}  // namespace synfire::detail
