// SPDX-License-Identifier: Apache-2.0

// What decoders of GPT-2's sizes need on ranks: the table in analysis/MPI.md. Windows are counted
// in a run whose ranks are threads; memory and times are foreseen. Arguments: sizes by name; none:
// all.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/cost_model.hpp"
#include "analysis/grouped.hpp"
#include "analysis/rank_model.hpp"
#include "tests/bench/silent_probe.hpp"
#include "tests/bench/synthetic_decoder.hpp"
#include "tests/support/thread_ranks.hpp"
#include "topology/board_share.hpp"
#include "topology/chip.hpp"
#include "topology/fan_in.hpp"
#include "topology/ranked_simulation.hpp"

namespace {

using namespace synfire;
using namespace synfire::bench;

constexpr std::uint32_t context = 1024;

/// Radford et al. 2019, table 2, on boards of chips with Loihi's 128 neurocores.
struct Size {
  std::string name;
  SyntheticShape shape;
  std::uint32_t columns;
  std::uint32_t rows;
  std::vector<std::uint32_t> ranks;
};

struct Mapped {
  ChipDescription chip;
  Network network;
  Mapping mapping;
  CostPrediction cost;
};

Mapped map_onto_board(const Size& size) {
  ChipDescription chip =
      load_chip("loihi-like",
                std::vector<std::string>{"neurocore.synapse_memory=1 MiB", "multicast.kind=tree",
                                         fmt::format("board.columns={}", size.columns),
                                         fmt::format("board.rows={}", size.rows)});
  Network network = split_fan_in(synthetic_decoder(size.shape), chip);
  Mapping mapping = map_network(network, chip, context);
  const CostPrediction cost =
      predict_cost(network, chip, mapping, assumed_traffic(network, cost_rate_permille), context);
  return {std::move(chip), std::move(network), std::move(mapping), cost};
}

/// How tokens are given to the chip.
struct Feed {
  const char* name;
  std::uint32_t tokens;  ///< counted
  bool is_prompt;        ///< all at once, so that they follow each other through the layers
};

constexpr Feed feeds[]{{"text", 2, false}, {"prompt", 8, true}};

RankCounts count_windows(const Size& size, const Mapped& mapped,
                         const std::vector<std::uint32_t>& rank_of_router, std::uint32_t count,
                         const Feed& feed) {
  RankCounts counts;
  test::run_ranks(count, [&](Communicator& ranks) {
    const SimulationOptions options{.context = context};
    if (ranks.rank() != 0) {
      return follow_simulation(mapped.network, mapped.chip, mapped.mapping, options, rank_of_router,
                               ranks);
    }
    SilentProbe probe;
    RankedSimulation simulation(mapped.network, mapped.chip, mapped.mapping, options,
                                rank_of_router, probe, ranks);
    RankCounts before;
    const std::uint32_t end = synthetic_warm_up + feed.tokens;
    for (std::uint32_t token = 0; token < end; ++token) {
      if (token == synthetic_warm_up) before = rank_counts(simulation.profiles());
      simulation.push_token(synthetic_token(size.shape, token));
      const bool waits = !feed.is_prompt || token < synthetic_warm_up || token + 1 == end;
      if (waits) simulation.run_until_readout(token);
    }
    counts = rank_counts(simulation.profiles()) - before;
  });
  return counts;
}

constexpr double mebibyte = 1024.0 * 1024.0;

std::string row_of_one(const Size& size, const Mapped& mapped) {
  std::string text =
      fmt::format("| {} | {} | 1 | {:.0f} MiB | | | | | |", size.name, size.columns * size.rows,
                  static_cast<double>(mapped.cost.memory_bytes) / mebibyte);
  for (std::size_t i = 0; i < std::size(rank_networks); ++i) {
    text += fmt::format(" {:.3f} s |", mapped.cost.seconds);
  }
  return text + "\n";
}

std::string row(const Size& size, const Mapped& mapped, std::uint32_t count, const Feed& feed) {
  const auto share = share_board(mapped.network, mapped.chip, mapped.mapping, count);
  const std::int64_t memory = std::ranges::max(
      predict_rank_memory(mapped.network, mapped.chip, mapped.mapping, context, share));
  const RankCounts counts = count_windows(size, mapped, share, count, feed);
  const auto per_window = [&](std::int64_t number) {
    return static_cast<double>(number) / static_cast<double>(counts.windows);
  };
  std::string text = fmt::format(
      "| | | {} | {:.0f} MiB | {} | {} | {:.0f} | {:.1f} | {:.2f} |", count,
      static_cast<double>(memory) / mebibyte, feed.name, grouped(counts.windows / feed.tokens),
      per_window(counts.events), per_window(counts.messages),
      static_cast<double>(counts.events) / static_cast<double>(counts.busiest_events));
  for (const RankNetwork& network : rank_networks) {
    const double time = foresee_ranks(counts, mapped.cost.seconds * feed.tokens, network).seconds();
    text += fmt::format(" {:.3f} s |", time / feed.tokens);
  }
  return text + "\n";
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  const std::vector<Size> sizes{{"GPT-2 small", {}, 2, 1, {2}},
                                {"GPT-2 medium",
                                 {.blocks = 24, .embedding = 1024, .hidden = 4096, .heads = 16},
                                 4,
                                 1,
                                 {2, 4}},
                                {"GPT-2 large",
                                 {.blocks = 36, .embedding = 1280, .hidden = 5120, .heads = 20},
                                 5,
                                 2,
                                 {2, 5, 10}}};
  fmt::print(
      "| size of | chips | ranks | memory of a rank | tokens | windows a token | events a window | "
      "messages a window | at most faster by |");
  for (const RankNetwork& network : rank_networks) fmt::print(" {} |", network.name);
  fmt::print("\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  for (const Size& size : sizes) {
    if (!wanted.empty() && std::ranges::find(wanted, size.name) == wanted.end()) continue;
    const Mapped mapped = map_onto_board(size);
    fmt::print("{}", row_of_one(size, mapped));
    for (const std::uint32_t count : size.ranks) {
      for (const Feed& feed : feeds) fmt::print("{}", row(size, mapped, count, feed));
    }
  }
}
