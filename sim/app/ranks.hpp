// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <utility>

#include "sim/communicator.hpp"

namespace synfire::app {

/// Calls `work` with the ranks that mpirun started, or with null where this process was started
/// alone; only then MPI is called at all.
///
/// A rank that throws says so and ends all; what `together` threw is said once.
/// Returns  the exit status.
/// Throws   without ranks: what `work` throws. ConfigError under mpirun if no MPI is built in.
int on_ranks(const std::function<int(Communicator* ranks)>& work);

/// Whether this process writes and shows results: rank 0, or there are no ranks.
bool is_first(const Communicator* ranks);

/// What is true on rank 0, told to all.
bool holds_on_first(Communicator* ranks, bool is_true);

/// Ends the attempt of all ranks if it failed on one: the lowest of them tells why.
void agree(Communicator* ranks, const std::exception_ptr& failure);

/// What every rank does by itself and all have to succeed in, such as reading input: returns the
/// result, or throws on every rank. May be called without ranks.
template <typename Work>
auto together(Communicator* ranks, Work work) {
  std::exception_ptr failure;
  std::optional<decltype(work())> result;
  try {
    result.emplace(work());
  } catch (...) {
    failure = std::current_exception();
  }
  agree(ranks, failure);
  return std::move(*result);
}

}  // namespace synfire::app
