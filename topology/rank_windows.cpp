// SPDX-License-Identifier: Apache-2.0
#include "topology/rank_windows.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "sim/error.hpp"

namespace synfire {
namespace {

/// Long beside all latencies, short beside the range of times.
constexpr Duration longest_window{std::int64_t{1} << 50};

/// Adds the wall time of its life.
class Timer {
 public:
  explicit Timer(std::int64_t& sum) : sum_(sum) {}
  ~Timer() {
    const auto span = std::chrono::steady_clock::now() - begin_;
    sum_ += std::chrono::duration_cast<std::chrono::nanoseconds>(span).count();
  }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 private:
  std::int64_t& sum_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

std::int64_t ticks(TimePoint time) {
  return time.time_since_epoch().count();
}
TimePoint at(std::int64_t ticks) {
  return TimePoint{Duration{ticks}};
}

}  // namespace

/// What ranks say between two windows; all agree on the maximum of each number.
struct RankWindows::Agreement {
  enum Number : std::uint8_t {
    minus_next,       ///< earliest event or message
    last,             ///< event
    last_read,        ///< control packet
    minus_token_due,  ///< earliest end of a token
    has_packets,
    waits_at_barrier,
    has_messages,
    has_finished_token,
    wants_to_stop,
    is_full,
    has_failed,
    events,  ///< of the last window
    count
  };
  std::array<std::int64_t, count> numbers{};

  std::int64_t& operator[](Number number) { return numbers[number]; }
  std::int64_t operator[](Number number) const { return numbers[number]; }
  bool says(Number number) const { return numbers[number] != 0; }
  TimePoint next() const { return at(-numbers[minus_next]); }
  TimePoint token_due() const { return at(-numbers[minus_token_due]); }
  bool is_idle() const { return next() == TimePoint::max(); }
};

RankWindows::RankWindows(RankEngine& engine, Communicator& ranks)
    : engine_(engine),
      ranks_(ranks),
      timing_(engine.timing()),
      outgoing_(ranks.size()),
      incoming_(ranks.size()) {
  timing_.lookahead = std::min(timing_.lookahead, longest_window);
}

WindowsEnd RankWindows::run(const std::function<bool()>& watch,
                            const std::function<bool()>& is_full,
                            const std::function<void()>& make_room) {
  Agreement agreement;
  for (;;) {
    agreement[Agreement::wants_to_stop] = watch && watch() ? 1 : 0;
    agreement[Agreement::is_full] = is_full() ? 1 : 0;
    agree(agreement);
    if (agreement.says(Agreement::has_failed)) return WindowsEnd::failed;
    if (agreement.says(Agreement::has_messages)) exchange();
    if (agreement.says(Agreement::has_finished_token)) return WindowsEnd::token;
    if (agreement.says(Agreement::wants_to_stop)) return WindowsEnd::stopped;
    if (agreement.says(Agreement::is_full)) make_room();
    if (!agreement.is_idle()) {
      run_window(end_of_window(agreement), agreement);
      continue;
    }
    if (!leave_rest(agreement)) return WindowsEnd::idle;
    agreement = {};
  }
}

/// Fills in where this rank stands, and makes it where all stand.
void RankWindows::agree(Agreement& agreement) {
  TimePoint next = TimePoint::max();
  {
    const Timer timer(profile_.message_ns);
    const RankState state = engine_.state();
    next = state.next;
    for (std::size_t rank = 0; rank < outgoing_.size(); ++rank) {
      auto& messages = engine_.outgoing()[rank];
      for (const LinkMessage& message : messages) next = std::min(next, message.at);
      if (messages.empty()) continue;
      agreement[Agreement::has_messages] = 1;
      const std::size_t size = messages.size() * sizeof(LinkMessage);
      outgoing_[rank].resize(size);
      std::memcpy(outgoing_[rank].data(), messages.data(), size);
      profile_.messages_sent += static_cast<std::int64_t>(messages.size());
      ++profile_.batches_sent;
      messages.clear();
    }
    agreement[Agreement::minus_next] = -ticks(next);
    agreement[Agreement::last] = ticks(state.last);
    agreement[Agreement::last_read] = ticks(state.last_read);
    agreement[Agreement::minus_token_due] = -ticks(state.token_due);
    agreement[Agreement::has_packets] = state.has_packets ? 1 : 0;
    agreement[Agreement::waits_at_barrier] = state.waits_at_barrier ? 1 : 0;
  }
  const Timer timer(profile_.waiting_ns);
  ranks_.reduce(agreement.numbers, Reduction::maximum);
  now_ = at(agreement[Agreement::last]);
  profile_.message_windows += agreement[Agreement::has_messages];
  profile_.busiest_events += agreement[Agreement::events];
}

void RankWindows::exchange() {
  {
    const Timer timer(profile_.waiting_ns);
    ranks_.exchange(outgoing_, incoming_);
  }
  const Timer timer(profile_.message_ns);
  for (Bytes& bytes : outgoing_) bytes.clear();
  for (const Bytes& bytes : incoming_) {
    for (std::size_t begin = 0; begin < bytes.size(); begin += sizeof(LinkMessage)) {
      LinkMessage message;
      std::memcpy(&message, bytes.data() + begin, sizeof(message));
      engine_.receive(message);
    }
  }
}

TimePoint RankWindows::end_of_window(const Agreement& agreement) const {
  const std::int64_t grid = timing_.grid.count();
  const std::int64_t end = ticks(agreement.next() + timing_.lookahead) / grid * grid;
  const TimePoint token = std::min(agreement.token_due(), agreement.next() + timing_.host_latency);
  return std::min(at(end), token + Duration{1});
}

void RankWindows::run_window(TimePoint end, Agreement& next) {
  const Timer timer(profile_.compute_ns);
  ++profile_.windows;
  next = {};
  const std::int64_t events = engine_.event_count();
  try {
    next[Agreement::has_finished_token] = engine_.run_before(end) ? 1 : 0;
  } catch (...) {
    failure_ = std::current_exception();
    next[Agreement::has_failed] = 1;
  }
  next[Agreement::events] = engine_.event_count() - events;
}

/// No rank has an event left. Brings about the next one, if there is any.
bool RankWindows::leave_rest(const Agreement& agreement) {
  engine_.rest_at(now_);
  const TimePoint last_read = at(agreement[Agreement::last_read]);
  const bool is_first = ranks_.rank() == 0;
  if (last_read > now_) {
    if (is_first) engine_.hear_all_read(last_read);
    return true;
  }
  if (!agreement.says(Agreement::waits_at_barrier)) return false;
  if (agreement.says(Agreement::has_packets)) return false;
  engine_.pass_barrier(is_first);
  return true;
}

}  // namespace synfire
