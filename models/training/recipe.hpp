// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "models/corpus.hpp"
#include "models/spikedecoder/architecture.hpp"
#include "models/training/decoder_shape.hpp"
#include "models/training/settings.hpp"

namespace synfire::training {

/// Everything that decides which model comes out of training, and where it goes.
struct Recipe {
  DecoderShape shape;
  TrainingSettings settings;
  Precision precision = Precision::bfloat16;
  int threads = 1;
  std::filesystem::path text;  ///< its last tenth is held out
  Alphabet alphabet =
      std::string(character_alphabet);  ///< as many symbols as the shape's vocabulary
  std::vector<std::filesystem::path> extra_texts;
  bool resume = false;
  std::filesystem::path model;  ///< file to write; empty: none
  NormalizationForm normalization = NormalizationForm::folded;
  bool integer_twin = false;     ///< a model of spike degree 0 as integers, not as real numbers
  std::string command;           ///< for the model's provenance
  bool observes_scores = false;  ///< counts attention scores in Outcome::real, which takes time

  bool writes_integers() const { return shape.spike_degree > 0 || integer_twin; }
};

/// What came out, on the whole held-out part.
struct Outcome {
  std::int64_t steps = 0;
  bool complete = false;  ///< false: interrupted; the rest is then empty
  std::int64_t parameters = 0;
  EvaluationResult real;         ///< single precision weights
  EvaluationResult training;     ///< the same on as many windows of the training text
  EvaluationResult quantised;    ///< 8-bit weights, real membranes (spiking variants)
  double without_context = 0.0;  ///< quantised, attention sees what the embedding sees
  double written_bits = 0.0;  ///< of the written model, as `synfire evaluate` finds them; 0: none
};

/// Checks sizes that kernels and populations need.
///
/// Throws  ConfigError naming the option.
void check(const Recipe& recipe);

/// Reads the recipe's texts as training will, and forgets them.
///
/// Throws  IoError, ConfigError for a text that cannot be read or is too short for the context.
void check_texts(const Recipe& recipe);

/// Learned numbers of the model that a recipe makes.
std::int64_t count_parameters(const Recipe& recipe);

/// Trains (or goes on training) by the recipe, evaluates and writes the model.
///
/// Throws  IoError for unreadable texts, checkpoints or an unwritable model, ConfigError for a
///         recipe that makes no sense or a checkpoint of another recipe.
Outcome train_recipe(const Recipe& recipe, const std::atomic<bool>& stop,
                     const std::function<void(const Progress&)>& report);

}  // namespace synfire::training
