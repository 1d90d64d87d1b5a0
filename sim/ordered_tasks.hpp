// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace synfire {

/// Tasks whose work is done at the same time and whose effects happen one after another, in the
/// order in which the tasks were submitted.
///
/// Order   Works begin in the order of submission. An effect happens on any thread when its work
///         is done and all earlier effects have happened; what it writes, later effects see.
/// Errors  The first exception of an effect, or of a work when its effect would be due, is thrown
///         by the next call of submit and finish; nothing submitted later has an effect.
/// Memory  at most `in_flight` tasks between two calls of submit.
/// Thread-safety  one thread calls; it takes part while it would wait.
class OrderedTasks {
 public:
  using Effect = std::function<void()>;
  /// Gets the number of the thread that it runs on, 0 for the caller's. Works on one thread begin
  /// in the order of submission, too.
  using Work = std::function<Effect(unsigned thread)>;

  /// `threads` in all, at least 1: that of the caller included.
  OrderedTasks(unsigned threads, std::size_t in_flight);
  /// Forgets works that have not begun and effects that have not happened.
  ~OrderedTasks();
  OrderedTasks(const OrderedTasks&) = delete;
  OrderedTasks& operator=(const OrderedTasks&) = delete;

  /// Returns when fewer than `in_flight` tasks are left.
  void submit(Work work);
  /// Returns when all effects have happened.
  void finish();

 private:
  enum class State : std::uint8_t { waiting, working, worked };
  struct Task {
    Work work;
    Effect effect;
    State state = State::waiting;
  };
  using Lock = std::unique_lock<std::mutex>;
  void reduce_to(std::size_t tasks, Lock& lock);
  bool take_part(unsigned thread, Lock& lock);
  void do_effect(Lock& lock);
  void do_work(Task& task, unsigned thread, Lock& lock);

  std::size_t in_flight_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;  ///< whose effects have not happened, oldest first
  std::size_t begun_ = 0;   ///< of `tasks_`, from the front
  bool in_effect_ = false;
  bool is_stopping_ = false;
  std::exception_ptr error_;
  std::vector<std::thread> threads_;
};

}  // namespace synfire
