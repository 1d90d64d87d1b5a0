// SPDX-License-Identifier: Apache-2.0
#include "sim/parallel_worker.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <thread>
#include <utility>

#include <tbb/concurrent_queue.h>

namespace synfire {

struct OrderedWorker::State {
  explicit State(std::size_t waiting) : most_waiting(waiting), thread([this] { run(); }) {}

  /// Until an empty task comes.
  void run() {
    for (;;) {
      std::function<void()> task;
      tasks.pop(task);
      if (!task) return;
      if (!has_failed) try_task(task);
      ++done;
      done.notify_one();
    }
  }

  void try_task(const std::function<void()>& task) {
    try {
      task();
    } catch (...) {
      error = std::current_exception();
      has_failed = true;
    }
  }

  void check() const {
    if (has_failed) std::rethrow_exception(error);
  }

  /// Until no more than `left` tasks are not done. What they did is seen then, which the queue's
  /// own limit would not promise.
  void wait_until_left(std::uint64_t left) const {
    for (std::uint64_t now = done; submitted - now > left; now = done) done.wait(now);
  }

  tbb::concurrent_bounded_queue<std::function<void()>> tasks;
  std::uint64_t most_waiting;
  std::uint64_t submitted = 0;         ///< by the thread that gives tasks
  std::atomic<std::uint64_t> done{0};  ///< or left out
  std::atomic<bool> has_failed{false};
  std::exception_ptr error;  ///< written before has_failed, read after
  std::thread thread;        ///< last: works on all that stands above
};

OrderedWorker::OrderedWorker(std::size_t most_waiting)
    : state_(std::make_unique<State>(most_waiting)) {}

OrderedWorker::~OrderedWorker() {
  state_->tasks.push({});
  state_->thread.join();
}

void OrderedWorker::submit(std::function<void()> task) {
  state_->wait_until_left(state_->most_waiting);
  state_->check();
  ++state_->submitted;
  state_->tasks.push(std::move(task));
}

void OrderedWorker::wait() {
  state_->wait_until_left(0);
  state_->check();
}

}  // namespace synfire
