// SPDX-License-Identifier: Apache-2.0
#include "sim/window_calendar.hpp"

#include <set>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/event_queue.hpp"
#include "sim/kernel.hpp"
#include "sim/random.hpp"

namespace synfire {
namespace {

TimePoint at(std::int64_t ticks) {
  return TimePoint{Duration{ticks}};
}

}  // namespace

TEST_CASE("WindowCalendar: times of one window share a place, and windows come in their order") {
  WindowCalendar calendar(Duration{10});
  CHECK(calendar.empty());
  REQUIRE(calendar.reaches(at(39), at(0)));
  const std::uint32_t last = calendar.await(at(39));
  CHECK(calendar.await(at(30)) == last);
  const std::uint32_t first = calendar.await(at(29));
  CHECK(first != last);
  CHECK(calendar.next_begin() == at(20));
  const WindowCalendar::Window window = calendar.take();
  CHECK(window.begin == at(20));
  CHECK(window.place == first);
  CHECK(calendar.take().begin == at(30));
  CHECK(calendar.empty());
}

TEST_CASE("WindowCalendar: it reaches 64 windows from now, the first of which is now's") {
  WindowCalendar calendar(Duration{10});
  CHECK(calendar.reaches(at(639), at(9)));
  CHECK_FALSE(calendar.reaches(at(640), at(9)));
  CHECK(calendar.reaches(at(640), at(10)));
}

TEST_CASE("WindowCalendar: windows are those of a division, whatever their length") {
  RandomStream random(1, 5);
  for (const std::int64_t length : {std::int64_t{1}, std::int64_t{3}, std::int64_t{4'001},
                                    std::int64_t{1} << 28U, std::int64_t{1} << 40U}) {
    WindowCalendar calendar(Duration{length});
    const std::int64_t used = calendar.length().count();
    CHECK(used <= length);
    std::set<std::int64_t> expected;
    std::int64_t now = 0;
    for (int i = 0; i < 20'000; ++i) {
      const std::int64_t time =
          now + used +
          static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(80 * used)));
      if (calendar.reaches(at(time), at(now))) {
        REQUIRE(time / used - now / used < WindowCalendar::ahead);
        calendar.await(at(time));
        expected.insert(time / used);
      } else {
        REQUIRE(time / used - now / used >= WindowCalendar::ahead);
      }
      if (random.below(3) != 0 || expected.empty()) continue;
      REQUIRE(calendar.next_begin() == at(*expected.begin() * used));
      REQUIRE(calendar.take().begin == at(*expected.begin() * used));
      now = *expected.begin() * used;
      expected.erase(expected.begin());
      if (random.below(10) == 0 && expected.empty()) now += 1'000 * used;
    }
  }
}

TEMPLATE_TEST_CASE("Kernel: a window begins before the events of its time and counts what it says",
                   "", BinaryHeapQueue, RadixHeapQueue) {
  constexpr std::uint32_t window = 7;
  Kernel<TestType> kernel(1);
  kernel.set_windows(Duration{10}, window);
  kernel.schedule(at(20), Phase::transfer, 0, 1, 0);
  kernel.schedule(at(19), Phase::step, 0, 2, 0);
  REQUIRE(kernel.can_await(at(25)));
  const std::uint32_t place = kernel.await(at(25));
  std::vector<std::uint32_t> kinds;
  while (!kernel.is_idle()) {
    kernel.step([&](const Event& event) {
      kinds.push_back(event.kind());
      if (event.kind() != window) return;
      CHECK(kernel.now() == at(20));
      CHECK(event.argument() == place);
      kernel.count_events(5);
      kernel.schedule(at(20), Phase::fire, 0, 3, 0);  // may still come before what is pending
    });
  }
  CHECK(kinds == std::vector<std::uint32_t>{2, window, 1, 3});
  CHECK(kernel.event_count() == 3 + 5);
}

}  // namespace synfire
