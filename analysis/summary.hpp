// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/arithmetic.hpp"
#include "analysis/energy.hpp"
#include "analysis/injected_faults.hpp"
#include "analysis/latency.hpp"
#include "analysis/sparsity.hpp"
#include "analysis/traffic.hpp"
#include "analysis/twin_report.hpp"
#include "models/alphabet.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/rank_windows.hpp"

namespace synfire {

/// What a run's own logits say about the text that it was given.
struct PromptScore {
  std::uint32_t tokens = 0;  ///< predicted ones: all of the prompt but the first
  double bits_per_token = 0;
  TextLevel level = TextLevel::character;  ///< what a token is
};

/// What was injected into a run; what it lost stands in the totals.
struct FaultSummary {
  FaultDescription description;
  InjectedFaults injected;
};

/// How the ranks of a run worked together: wall times and memory, so no result.
struct RankSummary {
  Duration lookahead{};
  std::vector<std::uint32_t> chips;  ///< per rank
  std::vector<RankProfile> profiles;
};

/// All that `run` says at its end.
struct RunSummary {
  std::string model;
  std::string chip;
  OperatingPoint operating_point;
  std::string text;  ///< prompt and what followed
  std::uint32_t prompt_tokens = 0;
  std::uint32_t generated_tokens = 0;
  std::uint32_t reingested_tokens = 0;  ///< given again when the context was full
  std::uint32_t presentations = 0;      ///< of a stimulus, each of `time_steps`; 0: it was a text
  std::uint32_t time_steps = 0;
  std::uint32_t neurocores = 0;
  bool is_complete = true;
  double wall_seconds = 0;
  std::int64_t peak_memory_bytes = 0;
  SimulationTotals totals;
  EnergyReport energy;
  std::optional<ArithmeticAccount> arithmetic;
  LatencyReport latency;
  TrafficReport traffic;
  std::optional<PromptScore> prompt_score;  ///< nothing if the prompt is a single token
  std::optional<FaultSummary> faults;       ///< nothing if the chip has none
  std::vector<PopulationSparsity> sparsity;
  std::vector<LayerTraffic> layer_traffic;
  std::vector<TwinReport> twins;     ///< those that were asked for
  std::optional<RankSummary> ranks;  ///< nothing without ranks
  std::vector<std::string> assumed;  ///< key paths of chip numbers without a published source

  std::uint32_t tokens() const { return prompt_tokens + generated_tokens; }
};

/// Key paths of a chip's numbers that are assumed rather than sourced.
std::vector<std::string> assumed_numbers(const ChipDescription& chip);

/// For people: a few dozen lines, at most 100 columns.
std::string to_table(const RunSummary& summary);

/// For programs: stable snake_case keys with SI units.
std::string to_json(const RunSummary& summary);

/// A duration in seconds, for people and for JSON.
constexpr double seconds(Duration duration) {
  constexpr double seconds_per_picosecond = 1e-12;
  return static_cast<double>(duration.count()) * seconds_per_picosecond;
}

/// `value` with an SI prefix and four digits, for example `12.35 uJ`.
std::string engineering(double value, const std::string& unit);

}  // namespace synfire
