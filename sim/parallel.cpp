// SPDX-License-Identifier: Apache-2.0
#include "sim/parallel.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace synfire {

void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& body) {
  if (threads <= 1) {
    for (std::size_t i = 0; i < count; ++i) body(i);
    return;
  }
  tbb::task_arena arena(static_cast<int>(threads));
  arena.execute([&] { tbb::parallel_for(std::size_t{0}, count, body); });
}

}  // namespace synfire
