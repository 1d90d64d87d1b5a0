// SPDX-License-Identifier: Apache-2.0
#include "sim/app/dry_run.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/grouped.hpp"
#include "analysis/summary.hpp"
#include "sim/app/support.hpp"
#include "topology/board_share.hpp"

namespace synfire::app {
namespace {

/// Tokens or presentations that the run hands to the chip, re-ingested ones included.
std::int64_t tokens_of(const RunPlan& plan) {
  if (plan.model.stimulus) return plan.model.presentations();
  return tokens_to_push(static_cast<std::int64_t>(plan.prompt.size()), plan.model.context(),
                        plan.generation);
}

/// A rank of those that --ranks asks for.
struct RankPlan {
  std::uint32_t chips = 0;
  std::int64_t memory_bytes = 0;
};

std::vector<RankPlan> plan_ranks(const RunPlan& plan, const RunOptions& options) {
  if (options.ranks == 0) return {};
  const auto count = static_cast<std::uint32_t>(checked_count("--ranks", options.ranks, 1));
  const PlannedChip& chip = plan.chip;
  const auto rank_of_router = share_board(chip.network, chip.description, chip.mapping, count);
  const auto memory = predict_rank_memory(chip.network, chip.description, chip.mapping,
                                          plan.model.context(), rank_of_router);
  const auto chips = chips_per_rank(chips_of(chip.graph), rank_of_router, count);
  std::vector<RankPlan> ranks;
  for (std::uint32_t i = 0; i < count; ++i) ranks.push_back({chips[i], memory[i] + program_bytes});
  return ranks;
}

std::string ranks_text(const std::vector<RankPlan>& ranks) {
  constexpr double mebibyte = 1024.0 * 1024.0;
  std::string text;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    text += fmt::format("\n{:<22}{}, {:.0f} MiB", fmt::format("rank {}", i),
                        counted(ranks[i].chips, "chip"),
                        static_cast<double>(ranks[i].memory_bytes) / mebibyte);
  }
  return text;
}

std::string traffic_source_of(const RunOptions& options) {
  if (!options.mapping.traffic.empty()) return "neurons fire as in " + options.mapping.traffic;
  return fmt::format("neurons fire in {} % of the time steps (assumed)",
                     static_cast<double>(cost_rate_permille) / 10);
}

std::string to_text(const CostPrediction& cost, std::int64_t tokens, const std::string& source) {
  const auto line = [](const char* name, const std::string& value) {
    return fmt::format("{:<22}{}\n", name, value);
  };
  constexpr double mebibyte = 1024.0 * 1024.0;
  std::string text = fmt::format("foreseen, not run: {}\n", source);
  text += line("tokens", grouped(tokens));
  text += line("packets", fmt::format("{}; control packets {}", grouped(cost.packets * tokens),
                                      grouped(cost.control_packets * tokens)));
  text += line("synaptic operations", grouped(cost.synaptic_operations * tokens));
  if (cost.multiply_accumulates > 0) {
    text += line("multiply-accumulates", grouped(cost.multiply_accumulates * tokens));
  }
  text += line("events", grouped(cost.events * tokens));
  text +=
      line("memory", fmt::format("{:.0f} MiB, of it {} synapses",
                                 static_cast<double>(cost.memory_bytes + program_bytes) / mebibyte,
                                 grouped(cost.synapses)));
  text += line("wall time", duration_text(cost.seconds * static_cast<double>(tokens)) +
                                " on one thread of the machine in tests/bench/RESULTS.md");
  text.pop_back();
  return text;
}

std::string to_json(const CostPrediction& cost, std::int64_t tokens, const std::string& source,
                    const std::vector<RankPlan>& ranks) {
  nlohmann::ordered_json object{{"dry_run", true},
                                {"traffic_source", source},
                                {"tokens", tokens},
                                {"packets", cost.packets * tokens},
                                {"control_packets", cost.control_packets * tokens},
                                {"synaptic_operations", cost.synaptic_operations * tokens},
                                {"multiply_accumulates", cost.multiply_accumulates * tokens},
                                {"events", cost.events * tokens},
                                {"synapses", cost.synapses},
                                {"memory_bytes", cost.memory_bytes + program_bytes},
                                {"wall_s", cost.seconds * static_cast<double>(tokens)}};
  for (const RankPlan& rank : ranks) {
    object["ranks"].push_back({{"chips", rank.chips}, {"memory_bytes", rank.memory_bytes}});
  }
  return object.dump(2);
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1000);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

void show_dry_run(const RunPlan& plan, const RunOptions& options) {
  const Network& network = plan.chip.network;
  const NeuronTraffic traffic = options.mapping.traffic.empty()
                                    ? assumed_traffic(network, cost_rate_permille)
                                    : placement_traffic(network, options.mapping);
  const CostPrediction cost = predict_cost(network, plan.chip.description, plan.chip.mapping,
                                           traffic, plan.model.context());
  const std::string source = traffic_source_of(options);
  const std::int64_t tokens = tokens_of(plan);
  const std::vector<RankPlan> ranks = plan_ranks(plan, options);
  if (!options.quiet && options.json != "-") {
    write_text("-", to_text(cost, tokens, source) + ranks_text(ranks));
  }
  if (!options.json.empty()) write_text(options.json, to_json(cost, tokens, source, ranks));
}

}  // namespace synfire::app
