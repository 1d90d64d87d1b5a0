// SPDX-License-Identifier: Apache-2.0
#include "analysis/rank_model.hpp"

#include <bit>

namespace synfire {

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
