// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace synfire {

/// A thread of its own that does tasks one after another, in the order in which they are given.
///
/// Errors         the first exception of a task ends them: later ones are left out, and every later
///                call throws it again.
/// Memory         `most_waiting` tasks wait at most; who gives one more waits with them. So when
///                submit returns, all but the last most_waiting + 1 tasks are done.
/// Thread-safety  one thread gives tasks.
class OrderedWorker {
 public:
  explicit OrderedWorker(std::size_t most_waiting);
  /// Does what was submitted, then ends the thread.
  ~OrderedWorker();
  OrderedWorker(const OrderedWorker&) = delete;
  OrderedWorker& operator=(const OrderedWorker&) = delete;

  void submit(std::function<void()> task);
  /// Returns when everything submitted is done.
  void wait();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace synfire
