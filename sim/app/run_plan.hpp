// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analysis/recorder.hpp"
#include "models/generation.hpp"
#include "models/model_file.hpp"
#include "models/tokenizer.hpp"
#include "sim/app/planned_chip.hpp"
#include "sim/app/run_options.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/twin.hpp"

namespace synfire::app {

/// Everything that is checked before anything runs.
struct RunPlan {
  Model model;
  PlannedChip chip;
  std::vector<Token> prompt;
  GenerationOptions generation;
  SimulationOptions simulation;
  std::vector<TwinKind> twins;  ///< to compare with
  bool replays_tokens = false;  ///< TokenReplay; else ChipSimulation
  // Of a run on ranks (keep_share).
  std::vector<std::uint32_t> rank_of_router;
  std::vector<std::uint32_t> chips_of_rank;  ///< how many
};

/// Reads and checks everything that a run needs; throws ConfigError, IoError or MappingError.
RunPlan plan_run(const RunOptions& options);

/// Recorder of the run, or null without --out. What equal runs have in common is kept apart from
/// what varies. Throws IoError if the file cannot be written.
std::unique_ptr<Recorder> make_recorder(const RunPlan& plan, const RunOptions& options);

/// Shares the chips of the board among ranks, and frees what only others need: weights between
/// slices that are not on this rank.
///
/// Throws  ConfigError if ranks cannot share this run, or not so many of them.
void keep_share(RunPlan& plan, std::uint32_t rank, std::uint32_t ranks);

}  // namespace synfire::app
