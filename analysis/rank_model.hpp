// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "topology/rank_windows.hpp"

namespace synfire {

/// What ranks did in the windows of a run. All are counts: they are the same on every machine, also
/// where ranks share processors.
struct RankCounts {
  std::uint32_t ranks = 1;
  std::int64_t windows = 0;
  std::int64_t messages = 0;         ///< packets and credits between ranks
  std::int64_t message_windows = 0;  ///< of them: that any rank sent messages in
  std::int64_t events = 0;           ///< of all ranks
  std::int64_t busiest_events = 0;   ///< of the busiest rank of every window, summed over windows
};

/// `profiles`: one for each rank.
RankCounts rank_counts(std::span<const RankProfile> profiles);
/// What was done since.
RankCounts operator-(RankCounts now, const RankCounts& before);

/// How long a message of a few bytes is on its way between two ranks, in seconds.
struct RankNetwork {
  const char* name;
  double latency;
};

/// Within a machine: Open MPI 4.1 on that of tests/bench/RESULTS.md. Between machines assumed, the
/// order of what osu_latency (OSU micro-benchmarks) reports for 8 bytes over InfiniBand and over
/// TCP.
inline constexpr RankNetwork rank_networks[]{
    {"shared_memory", 0.4e-6}, {"infiniband", 1e-6}, {"ethernet", 25e-6}};

/// Wall time of a run on ranks that have a processor each; foreseen, not measured.
struct RankForecast {
  double compute_s = 0;    ///< of the busiest rank of every window
  double agreement_s = 0;  ///< on the next window
  double message_s = 0;    ///< exchange of packets

  double seconds() const { return compute_s + agreement_s + message_s; }
};

/// A model. In every window all wait for the busiest rank; then they agree by a reduction, which
/// takes ceil(log2(ranks)) messages one after another (recursive doubling; Thakur et al. 2005,
/// "Optimization of collective communication operations in MPICH", section 4), and if there are
/// packets to exchange they tell each other how many (as long) and send them (one message more).
///
/// `one_rank_s`  wall time of the same run on one rank, on one thread of such a processor: it is
///               shared as events are.
/// Leaves out    bandwidth (a packet has tens of bytes), jitter, and what one rank writes alone.
RankForecast foresee_ranks(const RankCounts& counts, double one_rank_s, const RankNetwork& network);

}  // namespace synfire
