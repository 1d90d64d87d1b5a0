// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "analysis/sweep_point.hpp"
#include "analysis/sweep_tasks.hpp"
#include "sim/communicator.hpp"

namespace synfire {

/// Rank 0's part in a sweep on several ranks: whoever has made a row gets the next one, here or on
/// another rank. Only the thread that constructs it sends and receives.
class SweepServer {
 public:
  /// Waits until every other rank has begun make_rows.
  explicit SweepServer(Communicator& ranks);

  /// Until the tasks are done: hands them to the other ranks, while `threads` threads of this one
  /// call `work`. Throws what `work` threw, and WriteError, IoError if rows cannot be written.
  void serve(SweepTasks& tasks, std::uint32_t threads, const std::function<void()>& work);

  /// Ends make_rows on all ranks. Not after a sweep that was stopped, when they still work.
  void dismiss();

 private:
  /// A thread of another rank that waits for a row.
  struct Idle {
    std::uint32_t rank;
    std::uint32_t thread;
  };

  void hand_out(SweepTasks& tasks);
  bool hear(SweepTasks* tasks);

  Communicator& ranks_;
  std::int64_t others_;  ///< threads of other ranks
  std::vector<Idle> idle_;
};

/// The part of the other ranks: makes the rows that rank 0 hands out, on so many threads, until it
/// says that there are no more.
void make_rows(const SweepDefinition& definition, const SweepChip& chip,
               std::span<const SweepWork> works, Communicator& ranks, std::uint32_t threads);

}  // namespace synfire
