// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_tasks.hpp"

#include <utility>

namespace synfire {

SweepTasks::SweepTasks(std::vector<SweepRow> rows, SweepWriter& writer, const SweepOptions& options,
                       std::size_t total)
    : rows_(std::move(rows)), writer_(writer), options_(options), total_(total) {}

std::optional<SweepTask> SweepTasks::take() {
  const std::lock_guard lock(mutex_);
  if (next_ == rows_.size() || is_stopped_) return std::nullopt;
  if (options_.is_stopped && options_.is_stopped()) {
    is_stopped_ = true;
    return std::nullopt;
  }
  const std::size_t place = next_++;
  return SweepTask{place, rows_[place]};
}

void SweepTasks::give(SweepTask task) {
  const std::lock_guard lock(mutex_);
  waiting_.emplace(task.place, std::move(task.row));
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == written_;
       first = waiting_.erase(first), ++written_) {
    writer_.append(first->second);
    if (options_.on_row) options_.on_row(writer_.rows().size(), total_);
  }
}

void SweepTasks::fail(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(failure);
  is_stopped_ = true;
}

void SweepTasks::rethrow() const {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

bool SweepTasks::is_done() const {
  const std::lock_guard lock(mutex_);
  return written_ == rows_.size() || is_stopped_;
}

bool SweepTasks::is_stopped() const {
  const std::lock_guard lock(mutex_);
  return is_stopped_;
}

}  // namespace synfire
