// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "sim/communicator.hpp"
#include "sim/units.hpp"
#include "topology/chip_engine.hpp"

namespace synfire {

/// What a rank did in the windows of a run, and for how long; times are wall times.
struct RankProfile {
  std::int64_t windows = 0;
  std::int64_t message_windows = 0;  ///< of them: that any rank sent messages in
  std::int64_t busiest_events = 0;   ///< of the busiest rank of every window, summed over windows
  std::int64_t events = 0;           ///< handled here
  std::int64_t messages_sent = 0;    ///< packets and credits to other ranks
  std::int64_t batches_sent = 0;     ///< of messages: one a window and rank, if there is any
  std::int64_t compute_ns = 0;       ///< handling events
  std::int64_t message_ns = 0;       ///< putting messages together, taking them apart
  std::int64_t waiting_ns = 0;       ///< until all ranks agreed, and messages had come
  std::int64_t memory_bytes = 0;     ///< resident, as who asks for the profile says
};

/// How a run of windows came to its end, on all ranks alike.
enum class WindowsEnd : std::uint8_t {
  token,    ///< a token has finished: everything until then has happened, and nothing later
  idle,     ///< nothing can move any more
  stopped,  ///< rank 0 has asked for it
  failed,   ///< a rank cannot go on
};

/// Conservative windows of time: all ranks handle their events in [now, end), then exchange what
/// crosses between them, which arrives after `end`.
///
/// Window  Nothing that another rank sends arrives before its earliest event + lookahead, and no
///         answer to what a rank sends itself before the sending + 2 lookaheads: so far each rank
///         goes on, to the last multiple of the grid in which packets that reach routers are
///         handled together (WindowCalendar). Whoever works alone has long windows; times without
///         events are skipped.
/// Tokens  The end of a token is known the host's latency before at the least. No rank goes beyond
///         it until all are there and have done what one rank would have, so that the next token
///         can be chosen and injected at that time.
/// Idle    When no rank has an event, the barrier is passed, if the chip has one, at the time of
///         the last event of all.
/// Source  Lubachevsky 1989, "Efficient distributed event-driven simulations of multiple-loop
///         networks", Communications of the ACM 32(1); Nicol 1993, "The cost of conservative
///         synchronization in parallel discrete event simulations", Journal of the ACM 40(2).
class RankWindows {
 public:
  /// Keeps references.
  RankWindows(RankEngine& engine, Communicator& ranks);

  /// Of all ranks together, as is construction. `watch` is called before each window, at rank 0
  /// alone: true to stop. If any rank `is_full`, all make room, of what lies before a time from
  /// which on anything may still come.
  WindowsEnd run(const std::function<bool()>& watch, const std::function<bool()>& is_full,
                 const std::function<void(TimePoint)>& make_room);

  /// Time of the last event on any rank.
  TimePoint now() const { return now_; }
  /// What has failed here, if anything has.
  std::exception_ptr failure() const { return failure_; }
  const RankProfile& profile() const { return profile_; }
  Duration lookahead() const { return timing_.lookahead; }

 private:
  struct Agreement;
  void agree(Agreement& agreement);
  bool is_at_token(const Agreement& agreement);
  void exchange();
  void run_window(Agreement& agreement);
  TimePoint end_of_window(const Agreement& agreement) const;
  bool leave_rest(const Agreement& agreement);

  RankEngine& engine_;
  Communicator& ranks_;
  RankTiming timing_;
  TimePoint now_{};
  std::exception_ptr failure_;
  std::vector<Bytes> outgoing_;
  std::vector<Bytes> incoming_;
  RankProfile profile_;
};

}  // namespace synfire
