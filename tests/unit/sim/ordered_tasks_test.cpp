// SPDX-License-Identifier: Apache-2.0
#include "sim/ordered_tasks.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>

namespace synfire {

TEST_CASE("OrderedTasks: effects happen once each, in the order of submission") {
  for (const unsigned threads : {1U, 2U, 4U}) {
    OrderedTasks tasks(threads, 3);
    std::vector<int> effects;
    std::atomic<int> works = 0;
    constexpr int count = 200;
    for (int i = 0; i < count; ++i) {
      tasks.submit([&, i](unsigned) {
        ++works;
        return [&effects, i] { effects.push_back(i); };
      });
    }
    tasks.finish();
    CHECK(works == count);
    std::vector<int> expected(count);
    std::iota(expected.begin(), expected.end(), 0);
    CHECK(effects == expected);
  }
}

TEST_CASE("OrderedTasks: works on one thread begin in the order of submission") {
  constexpr unsigned threads = 3;
  OrderedTasks tasks(threads, 6);
  std::vector<std::vector<int>> begun(threads);
  for (int i = 0; i < 200; ++i) {
    tasks.submit([&, i](unsigned thread) {
      begun.at(thread).push_back(i);
      return [] {};
    });
  }
  tasks.finish();
  std::size_t all = 0;
  for (const auto& works : begun) {
    CHECK(std::ranges::is_sorted(works));
    all += works.size();
  }
  CHECK(all == 200);
}

TEST_CASE("OrderedTasks: no more tasks are begun than may be in flight") {
  OrderedTasks tasks(4, 2);
  std::atomic<int> unfinished = 0;
  std::atomic<int> most = 0;
  for (int i = 0; i < 100; ++i) {
    tasks.submit([&](unsigned) {
      const int now = ++unfinished;
      int seen = most;
      while (seen < now && !most.compare_exchange_weak(seen, now)) {
      }
      return [&] { --unfinished; };
    });
  }
  tasks.finish();
  CHECK(unfinished == 0);
  CHECK(most <= 2);
}

TEST_CASE("OrderedTasks: an error comes out in its turn, and nothing later has an effect") {
  for (const bool in_work : {false, true}) {
    for (const unsigned threads : {1U, 3U}) {
      OrderedTasks tasks(threads, 4);
      std::vector<int> effects;
      const auto submit_all = [&] {
        for (int i = 0; i < 20; ++i) {
          tasks.submit([&, i](unsigned) -> OrderedTasks::Effect {
            if (in_work && i == 7) throw std::runtime_error("7");
            return [&, i] {
              if (i == 7) throw std::runtime_error("7");
              effects.push_back(i);
            };
          });
        }
        tasks.finish();
      };
      CHECK_THROWS_WITH(submit_all(), "7");
      CHECK(effects == std::vector<int>{0, 1, 2, 3, 4, 5, 6});
      CHECK_THROWS_WITH(tasks.finish(), "7");
    }
  }
}

}  // namespace synfire
