// SPDX-License-Identifier: Apache-2.0
#include "sim/parallel.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace synfire {

struct Workers::Arena {
  explicit Arena(unsigned threads) : arena(static_cast<int>(threads)) {}
  tbb::task_arena arena;
};

Workers::Workers(unsigned threads) {
  if (threads > 1) arena_ = std::make_unique<Arena>(threads);
}

Workers::~Workers() = default;

void Workers::for_each(std::size_t count, const std::function<void(std::size_t)>& body) {
  if (!arena_ || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) body(i);
    return;
  }
  arena_->arena.execute([&] { tbb::parallel_for(std::size_t{0}, count, body); });
}

void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& body) {
  Workers(threads).for_each(count, body);
}

}  // namespace synfire
