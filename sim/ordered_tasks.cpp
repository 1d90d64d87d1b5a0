// SPDX-License-Identifier: Apache-2.0
#include "sim/ordered_tasks.hpp"

#include <utility>

namespace synfire {

OrderedTasks::OrderedTasks(unsigned threads, std::size_t in_flight) : in_flight_(in_flight) {
  for (unsigned i = 1; i < threads; ++i) {
    threads_.emplace_back([this, i] {
      Lock lock(mutex_);
      while (!is_stopping_) {
        if (!take_part(i, lock)) changed_.wait(lock);
      }
    });
  }
}

OrderedTasks::~OrderedTasks() {
  {
    const Lock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void OrderedTasks::submit(Work work) {
  Lock lock(mutex_);
  tasks_.push_back({std::move(work), {}});
  changed_.notify_all();
  reduce_to(in_flight_ - 1, lock);
}

void OrderedTasks::finish() {
  Lock lock(mutex_);
  reduce_to(0, lock);
}

/// Takes part until no more than `tasks` are left.
void OrderedTasks::reduce_to(std::size_t tasks, Lock& lock) {
  while (!error_ && tasks_.size() > tasks) {
    if (!take_part(0, lock)) changed_.wait(lock);
  }
  if (error_) std::rethrow_exception(error_);
}

/// One effect or one work, without the lock; false if there is nothing to do now. Effects first:
/// they give memory back.
bool OrderedTasks::take_part(unsigned thread, Lock& lock) {
  if (error_) return false;
  if (!in_effect_ && !tasks_.empty() && tasks_.front().state == State::worked) {
    do_effect(lock);
    return true;
  }
  if (begun_ == tasks_.size()) return false;
  do_work(tasks_[begun_++], thread, lock);
  return true;
}

void OrderedTasks::do_effect(Lock& lock) {
  in_effect_ = true;
  const Effect effect = std::move(tasks_.front().effect);
  lock.unlock();
  std::exception_ptr error;
  try {
    effect();
  } catch (...) {
    error = std::current_exception();
  }
  lock.lock();
  in_effect_ = false;
  error_ = error;
  tasks_.pop_front();
  --begun_;
  changed_.notify_all();
}

void OrderedTasks::do_work(Task& task, unsigned thread, Lock& lock) {
  task.state = State::working;
  lock.unlock();
  Effect effect;
  try {
    effect = task.work(thread);
  } catch (...) {
    effect = [error = std::current_exception()] { std::rethrow_exception(error); };
  }
  lock.lock();
  task.effect = std::move(effect);
  task.work = {};
  task.state = State::worked;
  changed_.notify_all();
}

}  // namespace synfire
