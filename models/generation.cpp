// SPDX-License-Identifier: Apache-2.0
#include "models/generation.hpp"

#include <algorithm>
#include <utility>

#include "models/text_encoding.hpp"
#include "sim/error.hpp"

namespace synfire {

AtContext at_context_from_string(std::string_view name) {
  if (name == "stop") return AtContext::stop;
  if (name == "reingest") return AtContext::reingest;
  throw ConfigError("at_context",
                    "'" + std::string(name) + "' is unknown; use one of stop, reingest");
}

namespace {

/// Of a full context, what the next one begins with: the token generated last among them.
std::int64_t kept_tokens(std::int64_t context) {
  return std::max<std::int64_t>(1, context / 2);
}

}  // namespace

std::int64_t tokens_to_push(std::int64_t prompt, std::uint32_t context,
                            const GenerationOptions& options) {
  const std::int64_t generated = std::max<std::int64_t>(options.tokens, 1) - 1;
  const std::int64_t fitting = std::min(generated, context - prompt);
  const std::int64_t beyond = generated - fitting;
  if (beyond == 0 || options.at_context == AtContext::stop) return prompt + fitting;
  const std::int64_t kept = kept_tokens(context);
  const std::int64_t generated_a_context = 1 + context - kept;
  const std::int64_t last = beyond % generated_a_context;
  return prompt + fitting + beyond / generated_a_context * context +
         (last > 0 ? kept - 1 + last : 0);
}

Generator::Generator(const TextInterface& text, TokenRunner& runner, GenerationOptions options,
                     GenerationObserver observer)
    : text_(text),
      runner_(runner),
      options_(options),
      observer_(std::move(observer)),
      sampler_(text.logit_scale, options.temperature, options.seed) {}

GeneratedText Generator::run(std::span<const Token> prompt) {
  if (prompt.empty())
    throw ConfigError(
        "prompt", "is empty; give at least one " + std::string(to_string(text_.alphabet.level())));
  if (prompt.size() > text_.context) {
    throw ConfigError("prompt", std::to_string(prompt.size()) + " " +
                                    std::string(to_string(text_.alphabet.level())) +
                                    "s do not fit the " + std::to_string(text_.context) +
                                    " of the trained context; shorten it");
  }
  for (const Token token : prompt) push(token, true);
  auto logits = runner_.run_until_readout(result_.pushed_tokens - 1);
  for (std::uint32_t i = 0; i < options_.tokens; ++i) {
    const Token token = sampler_.choose(logits, i);
    const std::string piece = text_.alphabet.continuation(token);
    result_.text += piece;
    if (observer_.on_text) observer_.on_text(piece);
    if (i + 1 == options_.tokens) break;
    if (!append(token)) {
      result_.is_cut_short = true;
      break;
    }
    logits = runner_.run_until_readout(result_.pushed_tokens - 1);
  }
  return result_;
}

void Generator::push(Token token, bool is_given) {
  context_.push_back(token);
  const auto position = static_cast<std::uint32_t>(context_.size() - 1);
  if (observer_.on_push) observer_.on_push({result_.pushed_tokens, position, token, is_given});
  runner_.push_token(input_spikes(text_, context_));
  ++result_.pushed_tokens;
}

/// Pushes a generated token, in a new context if the old one is full; false: there is no room.
bool Generator::append(Token token) {
  if (context_.size() < text_.context) {
    push(token, false);
    return true;
  }
  if (options_.at_context == AtContext::stop) return false;
  std::vector<Token> tail = std::exchange(context_, {});
  tail.push_back(token);
  tail.erase(tail.begin(), tail.end() - kept_tokens(text_.context));
  runner_.clear_context();
  ++result_.reingestions;
  for (std::size_t i = 0; i + 1 < tail.size(); ++i) push(tail[i], true);
  push(token, false);
  return true;
}

}  // namespace synfire
