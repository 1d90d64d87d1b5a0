// SPDX-License-Identifier: Apache-2.0
#include "sim/parallel_worker.hpp"

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>

using synfire::OrderedWorker;

TEST_CASE("OrderedWorker: does every task, in order, and waits for the last") {
  std::vector<int> done;
  OrderedWorker worker(3);
  for (int i = 0; i < 1000; ++i) worker.submit([&done, i] { done.push_back(i); });
  worker.wait();
  std::vector<int> expected(1000);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(done == expected);
}

TEST_CASE("OrderedWorker: does what was submitted before it ends") {
  std::atomic<int> done{0};
  {
    OrderedWorker worker(8);
    for (int i = 0; i < 8; ++i) worker.submit([&done] { ++done; });
  }
  CHECK(done == 8);
}

TEST_CASE("OrderedWorker: no more than the waiting tasks and one more are not done") {
  constexpr int waiting = 2;
  std::atomic<int> done{0};
  OrderedWorker worker(waiting);
  bool is_bounded = true;
  for (int i = 1; i <= 2000; ++i) {
    worker.submit([&done] { ++done; });
    is_bounded &= i - done <= waiting + 1;
  }
  CHECK(is_bounded);
}

TEST_CASE("OrderedWorker: the first exception ends the tasks and is thrown at every later call") {
  std::atomic<int> done{0};
  OrderedWorker worker(1);
  worker.submit([&done] { ++done; });
  worker.submit([] { throw std::runtime_error("disk is full"); });
  CHECK_THROWS_WITH(worker.wait(), "disk is full");
  CHECK_THROWS_WITH(worker.submit([&done] { ++done; }), "disk is full");
  CHECK_THROWS_WITH(worker.wait(), "disk is full");
  CHECK(done == 1);
}
