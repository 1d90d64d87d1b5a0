// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace synfire::training {

struct OptimiserSettings {
  double beta1 = 0.9;
  double beta2 = 0.95;
  double epsilon = 1e-8;
  double weight_decay = 0.1;
  double largest_norm = 1.0;  ///< of the gradient of all parameters together; longer is shortened
};

struct TrainingSettings {
  std::int64_t steps = 1000;
  std::int64_t batch = 32;      ///< windows per step
  std::int64_t context = 256;   ///< tokens per window
  double learning_rate = 3e-3;  ///< at its peak
  double warm_up = 0.02;        ///< part of the steps in which the learning rate rises
  double quantised = 0.1;       ///< last part of the steps, with weights rounded to 8 bits
  double power_warm_up = 0.1;   ///< part of the steps in which PowerNorm uses batch statistics
  double dropout = 0.0;
  double extra_share_first = 0.0;  ///< windows from extra texts, at the first step ...
  double extra_share_last = 0.0;   ///< ... and the last, linear between
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
  std::int64_t tokens = 0;     ///< trained on so far
  double training_bits = 0.0;  ///< per character, mean since the last report
  std::optional<double> held_out_bits;
  double tokens_per_second = 0.0;
  std::vector<FiringRate> firing;
};

struct EvaluationResult {
  double bits_per_character = 0.0;
  double accuracy = 0.0;  ///< part of the characters whose guess is right
  std::vector<FiringRate> firing;
};

}  // namespace synfire::training
