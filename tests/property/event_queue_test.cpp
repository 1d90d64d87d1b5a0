// SPDX-License-Identifier: Apache-2.0
#include "sim/event_queue.hpp"

#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

/// Increment that a hold operation adds to the time of the event it popped.
std::int64_t increment(RandomStream& random, int shape) {
  switch (shape) {
    case 0:
      return static_cast<std::int64_t>(random.below(3));  // many equal times
    case 1:
      return static_cast<std::int64_t>(random.below(10'000));
    case 2:
      return std::int64_t{1} << random.below(40);  // all magnitudes
    case 3:
    case 5:
      return 5'000;  // in step
    default:         // near and far
      return static_cast<std::int64_t>(random.below(random.below(10) == 0 ? 1U << 20U : 300));
  }
}

/// How many events follow one that was popped: one, but in shape 4 none or many.
int pushes(RandomStream& random, int shape, std::size_t pending) {
  if (shape != 4) return 1;
  return pending < 10 || random.below(200) == 0 ? 200 : 0;
}

}  // namespace

TEST_CASE("EventQueue: the radix heap pops exactly what the binary heap pops") {
  for (int shape = 0; shape < 6; ++shape) {
    const std::uint32_t scrambling = shape == 5 ? 3 : 0;  // of the sequences of a component

    const std::uint64_t seed = base_seed() + static_cast<std::uint64_t>(shape);
    INFO("seed " << seed << " shape " << shape);
    RandomStream random(seed, 3);
    BinaryHeapQueue heap;
    RadixHeapQueue radix;
    std::uint32_t sequence = 0;
    const auto push = [&](std::int64_t time, Phase phase) {
      const Event event({TimePoint{Duration{time}}, phase,
                         static_cast<std::uint32_t>(random.below(100)), sequence ^ scrambling},
                        0, sequence);
      ++sequence;
      heap.push(event);
      radix.push(event);
    };
    const int pending = shape % 2 == 0 ? 500 : 5'000;
    for (int i = 0; i < pending; ++i) {
      push(increment(random, shape), static_cast<Phase>(random.below(4)));
    }
    for (int i = 0; i < 50'000; ++i) {
      const Event expected = heap.pop();
      const Event popped = radix.pop();
      REQUIRE(popped.argument() == expected.argument());
      const Event* next = heap.next_at_same_time();
      const Event* other = radix.next_at_same_time();
      REQUIRE((next == nullptr) == (other == nullptr));
      if (next != nullptr) REQUIRE(next->argument() == other->argument());
      std::int64_t least = popped.ticks();
      if (random.below(2) == 0) {
        const std::int64_t limit = least + increment(random, shape);
        REQUIRE(radix.has_before(limit) == heap.has_before(limit));
        if (!heap.has_before(limit)) least = limit;
      }
      for (int n = pushes(random, shape, heap.size()); n > 0; --n) {
        push(least + increment(random, shape), Phase::step);
      }
    }
    while (!heap.empty()) REQUIRE(radix.pop().argument() == heap.pop().argument());
    CHECK(radix.empty());
  }
}

}  // namespace synfire::test
