// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/training/recipe.hpp"

namespace CLI {
class App;
}

namespace synfire::app {

/// Arguments of `synfire train`.
struct TrainOptions {
  training::Recipe recipe;
  std::int64_t tokens = 16'000'000;
  std::vector<double> extra_share = {0.0, 0.0};
  std::string checkpoint;  ///< folder; empty: none
  std::string normalization = "folded";
  TextLevel level = TextLevel::character;
  std::int64_t least_count = 6;  ///< of a word that gets a token; SpikeDecoder's pruning
  bool quiet = false;
};

inline constexpr const char* checkpoint_name = "training.checkpoint";

void add_train_options(CLI::App& command, TrainOptions& options);

/// The recipe of parsed options; makes the folder for checkpoints. Throws  IoError.
training::Recipe recipe_of(const TrainOptions& options, const CLI::App& command);

}  // namespace synfire::app
