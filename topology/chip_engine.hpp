// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "topology/chip_simulation.hpp"
#include "topology/rank_share.hpp"

namespace synfire {

/// What ChipSimulation stands on, whatever the event queue. The one implementation is
/// QueuedChipEngine, topology/detail/chip_engine_queued.hpp.
class ChipEngine {
 public:
  virtual ~ChipEngine() = default;
  virtual void push_token(std::span<const std::uint32_t> input_spikes) = 0;
  virtual void push_stimulus(std::span<const SpikeTrain> inputs) = 0;
  virtual std::span<const std::int32_t> run_until_readout(std::uint32_t token) = 0;
  virtual void drain() = 0;
  virtual void clear_context() = 0;
  virtual bool is_quiet() const = 0;
  virtual void resume_after(const TokenPast& past, TimePoint now) = 0;
  virtual const SimulationTotals& totals() = 0;
  virtual std::vector<InputStages> input_stages() const = 0;
  virtual const Mapping& mapping() const = 0;
};

/// Where the engine of a rank stands between two windows of time.
struct RankState {
  TimePoint next = TimePoint::max();       ///< nothing happens before; max: nothing is left here
  TimePoint last{};                        ///< of the last event
  TimePoint last_read{};                   ///< when the last control packet has been read
  TimePoint token_due = TimePoint::max();  ///< a token finishes, as far as is known
  bool has_packets = false;                ///< under way on this rank
  bool waits_at_barrier = false;           ///< some slice
};

/// Numbers that all ranks of a board agree on.
struct RankTiming {
  Duration lookahead{};     ///< least time from an event to what it causes on another rank
  Duration grid{};          ///< no window may end between its multiples, but to stop there
  Duration host_latency{};  ///< least time from an event to the end of a token that it brings about

  TimePoint on_grid(TimePoint time) const {
    return TimePoint{time.time_since_epoch() / grid * grid};
  }
};

/// The engine of one of several ranks (SimulationOptions::share): all calls of ChipEngine concern
/// its chips alone, and time goes on in windows that the ranks agree on (RankedSimulation).
class RankEngine : public ChipEngine {
 public:
  virtual RankTiming timing() const = 0;
  /// Handles all events before `end`, or before the answer to what it sends meanwhile can come.
  /// True: not all, a token has finished.
  virtual bool run_before(TimePoint end) = 0;
  virtual RankState state() = 0;
  /// Handled so far.
  virtual std::int64_t event_count() const = 0;
  /// Per rank, what is on its way there; to be emptied by the caller.
  virtual std::span<std::vector<LinkMessage>> outgoing() = 0;
  virtual void receive(const LinkMessage& message) = 0;
  /// All ranks are idle, and `now` is when the last of their events was handled.
  virtual void rest_at(TimePoint now) = 0;
  /// As clear_context, of what has been drained.
  virtual void forget_context() = 0;
  /// The host hears at `when` that everything has been read. Of rank 0 alone.
  virtual void hear_all_read(TimePoint when) = 0;
  /// The global barrier is passed; `counts`: by one rank.
  virtual void pass_barrier(bool counts) = 0;
  /// Reports all records to the probe.
  virtual void flush() = 0;
  /// Logits of a token, or nothing if it is not finished. Of rank 0 alone.
  virtual std::optional<std::span<const std::int32_t>> logits(std::uint32_t token) const = 0;
  /// The earliest token that is not finished. Of rank 0 alone.
  virtual std::optional<std::uint32_t> open_token() const = 0;
  /// Who waits for what here if the token cannot finish, in words.
  virtual std::string obstacles(std::uint32_t token) const = 0;
};

std::unique_ptr<ChipEngine> make_chip_engine(const Network& network, const ChipDescription& chip,
                                             Mapping mapping, SimulationOptions options,
                                             Probe& probe);

/// `options.share` must be given.
std::unique_ptr<RankEngine> make_rank_engine(const Network& network, const ChipDescription& chip,
                                             Mapping mapping, SimulationOptions options,
                                             Probe& probe);

}  // namespace synfire
