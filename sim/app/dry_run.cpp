// SPDX-License-Identifier: Apache-2.0
#include "sim/app/dry_run.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/grouped.hpp"
#include "analysis/summary.hpp"
#include "sim/app/support.hpp"

namespace synfire::app {
namespace {

/// Tokens or presentations that the run hands to the chip, re-ingested ones left out.
std::int64_t tokens_of(const RunPlan& plan) {
  if (plan.model.stimulus) return plan.model.presentations();
  const auto prompt = static_cast<std::int64_t>(plan.prompt.size());
  return prompt + std::max<std::int64_t>(plan.generation.tokens, 1) - 1;
}

std::string to_text(const CostPrediction& cost, std::int64_t tokens) {
  const auto line = [](const char* name, const std::string& value) {
    return fmt::format("{:<22}{}\n", name, value);
  };
  constexpr double mebibyte = 1024.0 * 1024.0;
  std::string text = fmt::format("foreseen, not run: firing rates of {} %\n",
                                 static_cast<double>(cost_rate_permille) / 10);
  text += line("tokens", grouped(tokens));
  text += line("packets", fmt::format("{}; control packets {}", grouped(cost.packets * tokens),
                                      grouped(cost.control_packets * tokens)));
  text += line("synaptic operations", grouped(cost.synaptic_operations * tokens));
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

std::string to_json(const CostPrediction& cost, std::int64_t tokens) {
  const nlohmann::ordered_json object{{"dry_run", true},
                                      {"tokens", tokens},
                                      {"packets", cost.packets * tokens},
                                      {"control_packets", cost.control_packets * tokens},
                                      {"synaptic_operations", cost.synaptic_operations * tokens},
                                      {"events", cost.events * tokens},
                                      {"synapses", cost.synapses},
                                      {"memory_bytes", cost.memory_bytes + program_bytes},
                                      {"wall_s", cost.seconds * static_cast<double>(tokens)}};
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
  const CostPrediction cost =
      predict_cost(network, plan.chip.description, plan.chip.mapping,
                   assumed_traffic(network, cost_rate_permille), plan.model.context());
  const std::int64_t tokens = tokens_of(plan);
  if (!options.quiet && options.json != "-") write_text("-", to_text(cost, tokens));
  if (!options.json.empty()) write_text(options.json, to_json(cost, tokens));
}

}  // namespace synfire::app
