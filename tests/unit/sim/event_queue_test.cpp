// SPDX-License-Identifier: Apache-2.0
#include "sim/event_queue.hpp"

#include <vector>

#include <catch2/catch.hpp>

#include "sim/kernel.hpp"

namespace synfire {
namespace {

Event event(std::int64_t time, Phase phase, std::uint32_t component, std::uint32_t sequence,
            std::uint32_t argument) {
  return {{TimePoint{Duration{time}}, phase, component, sequence}, 0, argument};
}

template <typename Queue>
std::vector<std::uint32_t> pop_all(Queue queue) {
  std::vector<std::uint32_t> arguments;
  while (!queue.empty()) arguments.push_back(queue.pop().argument());
  return arguments;
}

}  // namespace

TEMPLATE_TEST_CASE("EventQueue: order is time, then phase, then component, then sequence", "",
                   BinaryHeapQueue, RadixHeapQueue) {
  TestType queue;
  queue.push(event(5, Phase::transfer, 0, 0, 7));
  queue.push(event(4, Phase::step, 0, 0, 6));
  queue.push(event(4, Phase::fire, 2, 0, 5));
  queue.push(event(4, Phase::fire, 1, 9, 4));
  queue.push(event(4, Phase::fire, 1, 8, 3));
  queue.push(event(4, Phase::transfer, 9, 9, 2));
  queue.push(event(3, Phase::step, 9, 9, 1));
  CHECK(queue.size() == 7);
  CHECK(queue.next_at_same_time() == nullptr);
  CHECK(pop_all(queue) == std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7});
}

TEMPLATE_TEST_CASE("EventQueue: an event at the time of the last one popped still finds its place",
                   "", BinaryHeapQueue, RadixHeapQueue) {
  TestType queue;
  queue.push(event(10, Phase::transfer, 0, 0, 1));
  queue.push(event(10, Phase::step, 0, 1, 3));
  CHECK(queue.pop().argument() == 1);
  REQUIRE(queue.next_at_same_time() != nullptr);
  CHECK(queue.next_at_same_time()->argument() == 3);
  queue.push(event(10, Phase::process, 0, 2, 2));
  CHECK(pop_all(queue) == std::vector<std::uint32_t>{2, 3});
}

TEST_CASE("Kernel: time is that of the event being handled, and every event counts once") {
  Kernel<RadixHeapQueue> kernel(2);
  kernel.schedule(TimePoint{Duration{7}}, Phase::fire, 1, 3, 42);
  kernel.schedule(TimePoint{Duration{5}}, Phase::fire, 0, 3, 41);
  std::vector<std::uint32_t> seen;
  while (!kernel.is_idle()) {
    kernel.step([&](const Event& next) {
      CHECK(next.time() == kernel.now());
      CHECK(next.kind() == 3);
      seen.push_back(next.argument());
    });
  }
  CHECK(seen == std::vector<std::uint32_t>{41, 42});
  CHECK(kernel.event_count() == 2);
}

TEST_CASE("Kernel: a time that 64 bits could not keep much longer is an error") {
  Kernel<BinaryHeapQueue> kernel(1);
  const TimePoint last = Kernel<BinaryHeapQueue>::last_time;
  CHECK_NOTHROW(kernel.schedule(last, Phase::fire, 0, 0, 0));
  CHECK_THROWS_AS(kernel.schedule(last + Duration{1}, Phase::fire, 0, 0, 0), Error);
}

}  // namespace synfire
