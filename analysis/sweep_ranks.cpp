// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_ranks.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "sim/byte_stream.hpp"

namespace synfire {
namespace {

/// To rank 0: which thread wants a row, and the one that it has made, if any.
constexpr std::uint32_t request_tag = 0;
/// To a thread of another rank, whose number is added: the row that it shall make, if any.
constexpr std::uint32_t answer_tag = 1;

/// Sleeps between looks for a message, longer while none comes: a rank that waits leaves its
/// processor to those that work.
class Pause {
 public:
  void wait() {
    std::this_thread::sleep_for(length_);
    length_ = std::min(2 * length_, longest);
  }
  void reset() { length_ = shortest; }

 private:
  static constexpr std::chrono::microseconds shortest{20};
  static constexpr std::chrono::microseconds longest{1000};
  std::chrono::microseconds length_ = shortest;
};

void put(ByteWriter& writer, const SweepTask& task) {
  writer.put(std::uint64_t{task.place});
  writer.put(task.row.round);
  writer.put(task.row.point);
  writer.put(task.row.workload);
  writer.put(task.row.values);
  writer.put(task.row.metrics);
  writer.put(task.row.error);
}

/// What put left; nothing if it was not called.
std::optional<SweepTask> take_task(ByteReader& reader) {
  if (reader.is_empty()) return std::nullopt;
  SweepTask task;
  task.place = reader.take<std::uint64_t>();
  task.row.round = reader.take<std::uint32_t>();
  task.row.point = reader.take<std::uint32_t>();
  task.row.workload = reader.take<std::uint32_t>();
  task.row.values = reader.take_all<SweepPoint::value_type>();
  task.row.metrics = reader.take_all<double>();
  task.row.error = reader.take_text();
  return task;
}

/// Another rank's line to rank 0, shared by its threads.
class Line {
 public:
  explicit Line(Communicator& ranks) : ranks_(ranks) {}

  /// Gives the row that was made, if any, and waits for the next.
  std::optional<SweepTask> next(std::uint32_t thread, const std::optional<SweepTask>& made) {
    ByteWriter writer;
    writer.put(thread);
    if (made) put(writer, *made);
    send(writer.bytes());
    for (Pause pause;; pause.wait()) {
      const std::optional<Message> answer = poll(answer_tag + thread);
      if (!answer) continue;
      ByteReader reader(answer->bytes);
      return take_task(reader);
    }
  }

 private:
  void send(const Bytes& request) {
    const std::lock_guard lock(mutex_);
    ranks_.send(0, request_tag, request);
  }

  std::optional<Message> poll(std::uint32_t tag) {
    const std::lock_guard lock(mutex_);
    return ranks_.poll(tag);
  }

  Communicator& ranks_;
  std::mutex mutex_;
};

}  // namespace

SweepServer::SweepServer(Communicator& ranks)
    : ranks_(ranks), others_(ranks.reduced(0, Reduction::sum)) {}

void SweepServer::serve(SweepTasks& tasks, std::uint32_t threads,
                        const std::function<void()>& work) {
  {
    std::vector<std::jthread> own;
    for (std::uint32_t i = 0; i < threads; ++i) {
      own.emplace_back([&] {
        try {
          work();
        } catch (...) {
          tasks.fail(std::current_exception());
        }
      });
    }
    try {
      hand_out(tasks);
      for (Pause pause; !tasks.is_done();) hear(&tasks) ? pause.reset() : pause.wait();
    } catch (...) {
      tasks.fail(std::current_exception());
    }
  }
  tasks.rethrow();
}

void SweepServer::dismiss() {
  for (Pause pause; std::ssize(idle_) < others_;) hear(nullptr) ? pause.reset() : pause.wait();
  for (const Idle& other : idle_) ranks_.send(other.rank, answer_tag + other.thread, {});
}

void SweepServer::hand_out(SweepTasks& tasks) {
  while (!idle_.empty()) {
    const std::optional<SweepTask> task = tasks.take();
    if (!task) return;
    ByteWriter writer;
    put(writer, *task);
    ranks_.send(idle_.back().rank, answer_tag + idle_.back().thread, writer.bytes());
    idle_.pop_back();
  }
}

/// Takes one request, if there is one, and answers if there is a row.
bool SweepServer::hear(SweepTasks* tasks) {
  const std::optional<Message> request = ranks_.poll(request_tag);
  if (!request) return false;
  ByteReader reader(request->bytes);
  idle_.push_back({request->source, reader.take<std::uint32_t>()});
  if (tasks == nullptr) return true;
  if (auto made = take_task(reader)) tasks->give(std::move(*made));
  hand_out(*tasks);
  return true;
}

void make_rows(const SweepDefinition& definition, const SweepChip& chip,
               std::span<const SweepWork> works, Communicator& ranks, std::uint32_t threads) {
  ranks.reduced(threads, Reduction::sum);
  Line line(ranks);
  const auto work = [&](std::uint32_t thread) {
    for (auto task = line.next(thread, {}); task; task = line.next(thread, task)) {
      const SweepWork& given = works[task->row.workload];
      task->row = evaluate(definition, chip, given, std::move(task->row));
    }
  };
  std::vector<std::future<void>> others;
  for (std::uint32_t thread = 1; thread < threads; ++thread) {
    others.push_back(std::async(std::launch::async, work, thread));
  }
  work(0);
  for (std::future<void>& other : others) other.get();
}

}  // namespace synfire
