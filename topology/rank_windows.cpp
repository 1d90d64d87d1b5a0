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
    last,             ///< event
    last_read,        ///< control packet
    minus_token_due,  ///< earliest end of a token
    has_packets,
    waits_at_barrier,
    has_messages,
    token_end,  ///< of a token that has finished, and 1 ps
    wants_to_stop,
    is_full,
    has_failed,
    events,  ///< of the last window
    count
  };
  explicit Agreement(std::uint32_t ranks) : numbers(count + ranks, 0) { clear(); }
  void clear() {
    std::ranges::fill(numbers, 0);
    std::fill(numbers.begin() + count, numbers.end(), -ticks(TimePoint::max()));
  }

  std::vector<std::int64_t> numbers;  ///< then, negative, the earliest event of every rank

  std::int64_t& operator[](Number number) { return numbers[number]; }
  std::int64_t operator[](Number number) const { return numbers[number]; }
  bool says(Number number) const { return numbers[number] != 0; }
  void comes(std::uint32_t rank, TimePoint time) {
    numbers[count + rank] = std::max(numbers[count + rank], -ticks(time));
  }
  TimePoint next(std::uint32_t rank) const { return at(-numbers[count + rank]); }
  TimePoint next() const { return at(-*std::max_element(numbers.begin() + count, numbers.end())); }
  /// On any other rank.
  TimePoint next_beside(std::uint32_t rank) const {
    TimePoint time = TimePoint::max();
    for (std::uint32_t other = 0; other < numbers.size() - count; ++other) {
      if (other != rank) time = std::min(time, next(other));
    }
    return time;
  }
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
                            const std::function<void(TimePoint)>& make_room) {
  Agreement agreement(ranks_.size());
  for (;;) {
    agreement[Agreement::wants_to_stop] = watch && watch() ? 1 : 0;
    agreement[Agreement::is_full] = is_full() ? 1 : 0;
    agree(agreement);
    if (agreement.says(Agreement::has_failed)) return WindowsEnd::failed;
    if (agreement.says(Agreement::has_messages)) exchange();
    if (agreement.says(Agreement::token_end) && is_at_token(agreement)) return WindowsEnd::token;
    if (agreement.says(Agreement::wants_to_stop)) return WindowsEnd::stopped;
    if (agreement.says(Agreement::is_full)) make_room(agreement.next());
    if (!agreement.is_idle()) {
      run_window(agreement);
      continue;
    }
    if (!leave_rest(agreement)) return WindowsEnd::idle;
    agreement.clear();
  }
}

/// A token has finished. True if no other rank has anything left to do until then.
bool RankWindows::is_at_token(const Agreement& agreement) {
  const TimePoint end = at(agreement[Agreement::token_end]);
  if (agreement.next_beside(0) < end) return false;
  if (ranks_.rank() != 0) engine_.run_before(end);
  return true;
}

/// Fills in where this rank stands, and makes it where all stand.
void RankWindows::agree(Agreement& agreement) {
  {
    const Timer timer(profile_.message_ns);
    const RankState state = engine_.state();
    agreement.comes(ranks_.rank(), state.next);
    const auto outgoing = engine_.outgoing();
    for (std::uint32_t rank = 0; rank < outgoing.size(); ++rank) {
      auto& messages = outgoing[rank];
      for (const LinkMessage& message : messages) agreement.comes(rank, message.at);
      if (messages.empty()) continue;
      agreement[Agreement::has_messages] = 1;
      const std::size_t size = messages.size() * sizeof(LinkMessage);
      outgoing_[rank].resize(size);
      std::memcpy(outgoing_[rank].data(), messages.data(), size);
      profile_.messages_sent += static_cast<std::int64_t>(messages.size());
      ++profile_.batches_sent;
      messages.clear();
    }
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
  const TimePoint latest = agreement.next() + longest_window;
  const TimePoint others = std::min(agreement.next_beside(ranks_.rank()), latest);
  const TimePoint at_host =
      std::min(agreement.next(0), std::min(agreement.next_beside(0), latest) + timing_.lookahead);
  TimePoint token = std::min(agreement.token_due(), at_host + timing_.host_latency) + Duration{1};
  if (agreement.says(Agreement::token_end)) token = at(agreement[Agreement::token_end]);
  return std::min(timing_.on_grid(others + timing_.lookahead), token);
}

/// Makes the agreement what this rank has to say next.
void RankWindows::run_window(Agreement& agreement) {
  const Timer timer(profile_.compute_ns);
  ++profile_.windows;
  const TimePoint end = end_of_window(agreement);
  const std::int64_t token_end = agreement[Agreement::token_end];
  agreement.clear();
  if (ranks_.rank() == 0 && token_end != 0) {  // waits for the others
    agreement[Agreement::token_end] = token_end;
    return;
  }
  const std::int64_t events = engine_.event_count();
  try {
    if (engine_.run_before(end)) agreement[Agreement::token_end] = ticks(engine_.state().last) + 1;
  } catch (...) {
    failure_ = std::current_exception();
    agreement[Agreement::has_failed] = 1;
  }
  agreement[Agreement::events] = engine_.event_count() - events;
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
