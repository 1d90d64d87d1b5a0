// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "analysis/sweep.hpp"
#include "analysis/sweep_table.hpp"

namespace synfire {

/// A row to be filled in, and its place in the round.
struct SweepTask {
  std::size_t place = 0;
  SweepRow row;
};

/// Rows of a round that still have to be made, handed out and taken back in any order; written in
/// that of the round.
///
/// Thread-safety  all of it.
class SweepTasks {
 public:
  /// `total` is what on_row is told. `writer` and `options` outlive the tasks.
  SweepTasks(std::vector<SweepRow> rows, SweepWriter& writer, const SweepOptions& options,
             std::size_t total);

  /// The next row; nothing if there is none or the sweep is stopped.
  std::optional<SweepTask> take();
  /// Writes the row as soon as all rows before it are written.
  void give(SweepTask task);
  /// Stops the sweep; rethrow() throws the first exception of all.
  void fail(std::exception_ptr failure);
  void rethrow() const;

  /// Nothing is left to wait for: all rows are written, or the sweep is stopped.
  bool is_done() const;
  bool is_stopped() const;

 private:
  std::vector<SweepRow> rows_;
  SweepWriter& writer_;
  const SweepOptions& options_;
  std::size_t total_;
  mutable std::mutex mutex_;
  std::size_t next_ = 0;
  std::size_t written_ = 0;
  std::map<std::size_t, SweepRow> waiting_;
  bool is_stopped_ = false;
  std::exception_ptr failure_;
};

}  // namespace synfire
