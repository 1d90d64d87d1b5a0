// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace synfire {

/// A fixed number of threads (oneTBB) for loops whose turns are independent.
class Workers {
 public:
  explicit Workers(unsigned threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Calls body(0) .. body(count - 1), each once and in no particular order. With one thread, or
  /// one turn, everything runs in the caller, in order. The first exception ends the loop and is
  /// thrown again here.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& body);

 private:
  struct Arena;
  std::unique_ptr<Arena> arena_;  ///< null with one thread
};

/// One loop on threads of its own; see Workers::for_each.
void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& body);

}  // namespace synfire
