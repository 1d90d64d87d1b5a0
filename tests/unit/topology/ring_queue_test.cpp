// SPDX-License-Identifier: Apache-2.0
#include "topology/detail/ring_queue.hpp"

#include <deque>

#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {

TEST_CASE("RingQueue: gives what a deque gives, growing while it wraps around") {
  const std::uint64_t seed = base_seed();
  INFO("seed " << seed);
  RandomStream random(seed, 21);
  RingQueue<std::uint64_t> ring;
  std::deque<std::uint64_t> deque;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    // Pushes win at first, so that the queue grows; then pops win.
    if (deque.empty() || random.below(10) < (i < 10'000 ? 6U : 4U)) {
      ring.push(i);
      deque.push_back(i);
    } else {
      ring.pop();
      deque.pop_front();
    }
    REQUIRE(ring.size() == deque.size());
    REQUIRE(ring.empty() == deque.empty());
    if (deque.empty()) continue;
    REQUIRE(ring.front() == deque.front());
    const std::size_t position = random.below(deque.size());
    REQUIRE(ring[position] == deque[position]);
  }
}

}  // namespace synfire::test
