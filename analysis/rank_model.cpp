// SPDX-License-Identifier: Apache-2.0
#include "analysis/rank_model.hpp"

#include <bit>

namespace synfire {

RankCounts rank_counts(std::span<const RankProfile> profiles) {
  RankCounts counts{.ranks = static_cast<std::uint32_t>(profiles.size()),
                    .windows = profiles[0].windows,
                    .message_windows = profiles[0].message_windows,
                    .busiest_events = profiles[0].busiest_events};
  for (const RankProfile& profile : profiles) {
    counts.messages += profile.messages_sent;
    counts.events += profile.events;
  }
  return counts;
}

RankCounts operator-(RankCounts now, const RankCounts& before) {
  now.windows -= before.windows;
  now.message_windows -= before.message_windows;
  now.messages -= before.messages;
  now.events -= before.events;
  now.busiest_events -= before.busiest_events;
  return now;
}

RankForecast foresee_ranks(const RankCounts& counts, double one_rank_s,
                           const RankNetwork& network) {
  if (counts.ranks == 1 || counts.events == 0) return {.compute_s = one_rank_s};
  const double reduction = network.latency * std::bit_width(counts.ranks - 1);
  const double share =
      static_cast<double>(counts.busiest_events) / static_cast<double>(counts.events);
  return {.compute_s = one_rank_s * share,
          .agreement_s = static_cast<double>(counts.windows) * reduction,
          .message_s = static_cast<double>(counts.message_windows) * (reduction + network.latency)};
}

}  // namespace synfire
