// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "models/training/language_model.hpp"
#include "models/training/settings.hpp"
#include "models/training/window_sampler.hpp"

namespace synfire::training {

/// Peak times the schedule: linear up, then linear down to zero.
double learning_rate_at(const TrainingSettings& settings, std::int64_t step);

/// What a pass at a training step does, `step` counted from 1.
Pass pass_at(const TrainingSettings& settings, std::int64_t step);

/// Bits per token by the rule of `scored_windows`, over at most `most` windows spread evenly.
EvaluationResult evaluate(LanguageModel& model, std::span<const Token> tokens, std::int64_t context,
                          const Pass& pass, std::int64_t most);

/// Trains until all steps are done or `stop` is set; then, and now and then, writes a checkpoint.
/// With `resume`, starts where the checkpoint ends. Returns the number of steps done.
///
/// Throws  IoError, ConfigError from reading or writing checkpoints.
std::int64_t train(LanguageModel& model, const WindowSampler& sampler,
                   std::span<const Token> held_out, const TrainingSettings& settings,
                   const std::string& recipe, bool resume, const std::atomic<bool>& stop,
                   const std::function<void(const Progress&)>& report);

}  // namespace synfire::training
