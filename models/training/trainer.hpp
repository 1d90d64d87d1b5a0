// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/training/language_model.hpp"
#include "models/training/optimiser.hpp"
#include "models/training/window_sampler.hpp"

namespace synfire::training {

struct TrainingSettings {
  std::int64_t steps = 1000;
  std::int64_t batch = 32;        ///< windows per step
  std::int64_t context = 256;     ///< tokens per window
  double learning_rate = 3e-3;    ///< at its peak
  double warm_up = 0.02;          ///< part of the steps in which the learning rate rises
  double quantised = 0.1;         ///< last part of the steps, with weights rounded to 8 bits
  double power_warm_up = 0.1;     ///< part of the steps in which PowerNorm uses batch statistics
  double dropout = 0.0;
  double extra_share_first = 0.0; ///< windows from extra texts, at the first step ...
  double extra_share_last = 0.0;  ///< ... and the last, linear between
  std::uint64_t seed = 1;
  std::filesystem::path checkpoint;   ///< file; empty: none
  double checkpoint_seconds = 180.0;  ///< between two checkpoints
  std::int64_t report_steps = 20;
  std::int64_t evaluation_steps = 200;
  std::int64_t evaluation_windows = 64;
  OptimiserSettings optimiser;
};

/// Rate of one population in a training step.
struct FiringRate {
  std::string population;
  double mean = 0.0;    ///< spikes per neuron and time step
  double silent = 0.0;  ///< part of the neurons that did not fire at all
};

struct Progress {
  std::int64_t step = 0;
  std::int64_t steps = 0;
  std::int64_t tokens = 0;  ///< trained on so far
  double training_bits = 0.0;  ///< per character, mean since the last report
  std::optional<double> held_out_bits;
  double tokens_per_second = 0.0;
  std::vector<FiringRate> firing;
};

/// Peak times the schedule: linear up, then linear down to zero.
double learning_rate_at(const TrainingSettings& settings, std::int64_t step);

/// What a pass at a training step does, `step` counted from 1.
Pass pass_at(const TrainingSettings& settings, std::int64_t step);

struct EvaluationResult {
  double bits_per_character = 0.0;
  std::vector<FiringRate> firing;
};

/// Bits per character by the rule of `scored_windows`, over at most `most` windows spread evenly.
EvaluationResult evaluate(LanguageModel& model, std::span<const std::uint8_t> tokens,
                          std::int64_t context, const Pass& pass, std::int64_t most);

/// Trains until all steps are done or `stop` is set; then, and now and then, writes a checkpoint.
/// With `resume`, starts where the checkpoint ends. Returns the number of steps done.
///
/// Throws  IoError, ConfigError from reading or writing checkpoints.
std::int64_t train(LanguageModel& model, const WindowSampler& sampler,
                   std::span<const std::uint8_t> held_out, const TrainingSettings& settings,
                   const std::string& recipe, bool resume, const std::atomic<bool>& stop,
                   const std::function<void(const Progress&)>& report);

}  // namespace synfire::training
