// SPDX-License-Identifier: Apache-2.0
#include "tests/support/thread_ranks.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <utility>

namespace synfire::test {
namespace {

constexpr std::uint32_t collective_tag = 30'000;

/// What is on its way between ranks.
class Post {
 public:
  void put(std::uint32_t from, std::uint32_t to, std::uint32_t tag,
           std::span<const std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    check();
    boxes_[{to, tag, from}].emplace_back(bytes.begin(), bytes.end());
    changed_.notify_all();
  }

  Bytes take(std::uint32_t from, std::uint32_t to, std::uint32_t tag) {
    std::unique_lock lock(mutex_);
    std::deque<Bytes>& box = boxes_[{to, tag, from}];
    changed_.wait(lock, [&] { return has_failed_ || !box.empty(); });
    check();
    return front_of(box);
  }

  std::optional<Message> take_any(std::uint32_t to, std::uint32_t tag) {
    const std::lock_guard lock(mutex_);
    check();
    for (auto box = boxes_.lower_bound({to, tag, 0}); box != boxes_.end(); ++box) {
      const auto& [receiver, its_tag, from] = box->first;
      if (receiver != to || its_tag != tag) break;
      if (!box->second.empty()) return Message{from, front_of(box->second)};
    }
    return std::nullopt;
  }

  void fail() {
    const std::lock_guard lock(mutex_);
    has_failed_ = true;
    changed_.notify_all();
  }

 private:
  void check() const {
    if (has_failed_) throw std::runtime_error("another rank has failed");
  }
  static Bytes front_of(std::deque<Bytes>& box) {
    Bytes bytes = std::move(box.front());
    box.pop_front();
    return bytes;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::deque<Bytes>> boxes_;
  bool has_failed_ = false;
};

std::int64_t combined(std::int64_t a, std::int64_t b, Reduction reduction) {
  switch (reduction) {
    case Reduction::minimum:
      return std::min(a, b);
    case Reduction::maximum:
      return std::max(a, b);
    case Reduction::sum:
      break;
  }
  return a + b;
}

class ThreadRank final : public Communicator {
 public:
  ThreadRank(Post& post, std::uint32_t rank, std::uint32_t size)
      : post_(post), rank_(rank), size_(size) {}

  std::uint32_t rank() const override { return rank_; }
  std::uint32_t size() const override { return size_; }
  void send(std::uint32_t rank, std::uint32_t tag, std::span<const std::byte> bytes) override {
    post_.put(rank_, rank, tag, bytes);
  }
  Bytes receive(std::uint32_t rank, std::uint32_t tag) override {
    return post_.take(rank, rank_, tag);
  }
  std::optional<Message> poll(std::uint32_t tag) override { return post_.take_any(rank_, tag); }

  void reduce(std::span<std::int64_t> values, Reduction reduction) override {
    const std::vector<Bytes> gathered = gather(std::as_bytes(values));
    for (std::size_t other = 1; other < gathered.size(); ++other) {
      const std::vector<std::int64_t> theirs = values_of(gathered[other]);
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = combined(values[i], theirs[i], reduction);
      }
    }
    Bytes result(values.size_bytes());
    std::ranges::copy(std::as_bytes(values), result.begin());
    broadcast(result);
    std::ranges::copy(values_of(result), values.begin());
  }
  void exchange(std::span<const Bytes> outgoing, std::span<Bytes> incoming) override {
    for (std::uint32_t other = 0; other < size_; ++other) {
      send(other, collective_tag, outgoing[other]);
    }
    for (std::uint32_t other = 0; other < size_; ++other) {
      incoming[other] = receive(other, collective_tag);
    }
  }
  void broadcast(Bytes& bytes) override {
    for (std::uint32_t other = 0; rank_ == 0 && other < size_; ++other) {
      send(other, collective_tag, bytes);
    }
    bytes = receive(0, collective_tag);
  }
  std::vector<Bytes> gather(std::span<const std::byte> bytes) override {
    send(0, collective_tag, bytes);
    std::vector<Bytes> gathered;
    for (std::uint32_t other = 0; rank_ == 0 && other < size_; ++other) {
      gathered.push_back(receive(other, collective_tag));
    }
    return gathered;
  }
  void barrier() override { reduced(0, Reduction::sum); }

 private:
  static std::vector<std::int64_t> values_of(const Bytes& bytes) {
    std::vector<std::int64_t> values(bytes.size() / sizeof(std::int64_t));
    std::ranges::copy(bytes, std::as_writable_bytes(std::span(values)).begin());
    return values;
  }

  Post& post_;
  std::uint32_t rank_;
  std::uint32_t size_;
};

}  // namespace

void run_ranks(std::uint32_t size, const std::function<void(Communicator&)>& body) {
  Post post;
  std::mutex mutex;
  std::exception_ptr first;
  const auto run = [&](std::uint32_t rank) {
    try {
      ThreadRank communicator(post, rank, size);
      body(communicator);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first) first = std::current_exception();
      post.fail();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t rank = 0; rank < size; ++rank) threads.emplace_back(run, rank);
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace synfire::test
