// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/model_file.hpp"
#include "models/sampler.hpp"
#include "models/token_runner.hpp"
#include "models/tokenizer.hpp"

namespace synfire {

/// What to do when the next token would lie behind the trained context.
enum class AtContext : std::uint8_t {
  stop,      ///< end the text
  reingest,  ///< start a context anew with the last half as its prompt, at its full cost
};

/// Throws ConfigError `at_context` for a name that is neither `stop` nor `reingest`.
AtContext at_context_from_string(std::string_view name);

struct GenerationOptions {
  std::uint32_t tokens = 64;  ///< to generate
  double temperature = 0.0;   ///< 0: the likeliest token
  std::uint64_t seed = 0;
  AtContext at_context = AtContext::reingest;
};

/// Tokens that generation puts through the network: a prompt of `prompt` of them, those generated
/// but the last, and those that are re-ingested when a context is full (fewer if it stops there).
std::int64_t tokens_to_push(std::int64_t prompt, std::uint32_t context,
                            const GenerationOptions& options);

/// A token that was handed to the runner.
struct PushedToken {
  std::uint32_t index = 0;     ///< count of pushed tokens, as in recordings
  std::uint32_t position = 0;  ///< in its context; 0: a context starts here
  Token token = 0;
  bool is_given = false;  ///< prompt or re-ingested; false: chosen from the logits before
};

struct GenerationObserver {
  std::function<void(std::string_view)> on_text;    ///< of each generated token; may be empty
  std::function<void(const PushedToken&)> on_push;  ///< each token run, in order; may be empty
};

struct GeneratedText {
  std::string text;  ///< without the prompt; goes on behind it, as Alphabet::continuation
  std::uint32_t pushed_tokens = 0;  ///< prompt, generated and re-ingested ones that were run
  std::uint32_t reingestions = 0;
  bool is_cut_short = false;  ///< AtContext::stop ended it before all tokens were generated
};

/// Generates text: the prompt is pushed at once (so that its tokens pipeline), then each token is
/// chosen from the logits of the one before.
class Generator {
 public:
  /// Keeps references to `text` and `runner`, which must be at the start of a context.
  /// Throws  ConfigError `temperature`.
  Generator(const TextInterface& text, TokenRunner& runner, GenerationOptions options,
            GenerationObserver observer = {});

  /// Throws  ConfigError `prompt` if it is empty or longer than the trained context.
  GeneratedText run(std::span<const Token> prompt);

 private:
  void push(Token token, bool is_given);
  bool append(Token token);

  const TextInterface& text_;
  TokenRunner& runner_;
  GenerationOptions options_;
  GenerationObserver observer_;
  Sampler sampler_;
  std::vector<Token> context_;  ///< tokens since the context's start
  GeneratedText result_;
};

}  // namespace synfire
