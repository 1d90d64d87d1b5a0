// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "analysis/sweep_definition.hpp"
#include "analysis/sweep_point.hpp"
#include "analysis/sweep_table.hpp"
#include "sim/communicator.hpp"

namespace synfire {

struct SweepOptions {
  std::uint32_t threads = 1;
  /// Asked before every point: true ends the sweep early. May be empty.
  std::function<bool()> is_stopped{};
  /// Called after every row with how many there are and will be at most, by one thread at a time.
  std::function<void(std::size_t done, std::size_t total)> on_row{};
  /// Ranks that share the points; this is the first of them, the others call make_rows. May be
  /// null.
  Communicator* ranks = nullptr;
};

/// Evaluates every point of a sweep, those of `first` (first_points) and of its narrowing, that the
/// writer has no row of yet, round after round, each point with all workloads. Rows come in the
/// same order, with the same numbers, on any number of threads and ranks and however often the
/// sweep was interrupted.
///
/// Memory  one simulation for each thread.
/// Returns false if it was stopped early; other ranks may still be at work then.
/// Throws  WriteError, IoError if rows cannot be written.
bool run_sweep(const SweepDefinition& definition, const SweepChip& chip,
               std::span<const SweepPoint> first, std::span<const SweepWork> works,
               SweepWriter& writer, const SweepOptions& options);

/// Names and units of the definition's table; `facts` are the caller's.
SweepHeader sweep_header(const SweepDefinition& definition, const SweepChip& chip,
                         std::vector<std::string> facts);

}  // namespace synfire
