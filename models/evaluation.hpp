// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "models/model_file.hpp"
#include "models/tokenizer.hpp"

namespace synfire {

/// A run of tokens that starts a context: tokens [begin, end) are run, and the predictions of
/// tokens [first_scored, end), each of the token after it, are scored.
struct ScoredWindow {
  std::size_t begin = 0;
  std::size_t first_scored = 0;
  std::size_t end = 0;
};

/// Windows of `context` tokens at a stride of half of it, only the second half of each scored (the
/// first window whole): every token of the text but its first is predicted once. `context` >= 2.
std::vector<ScoredWindow> scored_windows(std::size_t tokens, std::size_t context);

struct EvaluationOptions {
  unsigned threads = 1;
  /// Tokens that attention may see, the current one included; 0: all. See
  /// NetworkReference::limit_attention.
  std::uint32_t attention_limit = 0;
  std::function<void(std::size_t done, std::size_t windows)> progress;  ///< may be empty
};

/// Spikes of a population while scored tokens ran.
struct PopulationActivity {
  std::string name;
  double rate = 0.0;          ///< spikes per neuron and time step, 0..1
  double silent_share = 0.0;  ///< neurons that never fired, 0..1
};

struct Evaluation {
  std::uint64_t characters = 0;     ///< scored predictions
  double bits_per_character = 0.0;  ///< mean of -log2 p(next character)
  double accuracy = 0.0;            ///< share of characters that the likeliest token predicts
  std::vector<PopulationActivity> populations;  ///< spiking ones, in the network's order
};

/// -log2 of the probability that softmax(logits * scale) gives to `target`: bits that the token
/// costs.
double surprise_bits(std::span<const std::int32_t> logits, double scale, Token target);

/// Scores a model on a text by the dense integer reference.
///
/// The same result for any number of threads.
/// Throws  ConfigError `text` if the text has fewer than two tokens, ConfigError `text.context` if
///         the model's context is shorter than two.
/// Thread-safety  `progress` is called by one thread at a time.
Evaluation evaluate(const Model& model, std::span<const Token> text,
                    const EvaluationOptions& options = {});

/// Real logits [tokens][vocabulary], row-major, of a model that starts a context with these tokens.
using WindowLogits = std::function<std::vector<float>(std::span<const Token> window)>;

/// The same windows and the same scoring for a model of real numbers, window by window;
/// `options.threads` and `.attention_limit` are the model's own business. No populations come out.
///
/// Throws  as evaluate().
Evaluation evaluate_windows(const WindowLogits& logits_of, std::size_t vocabulary,
                            std::size_t context, std::span<const Token> text,
                            const EvaluationOptions& options = {});

}  // namespace synfire
