// SPDX-License-Identifier: Apache-2.0
#include "models/generation.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

/// Answers every token with logits that make `(token sum + 1) mod 3` the likeliest.
class CountingRunner final : public TokenRunner {
 public:
  void push_token(std::span<const std::uint32_t> input_spikes) override {
    pushed.emplace_back(input_spikes.begin(), input_spikes.end());
  }
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override {
    asked.push_back(token);
    logits = {0, 0, 0};
    logits[(pushed.at(token).front() + 1) % 3] = 9;
    return logits;
  }
  void clear_context() override { cleared_at.push_back(pushed.size()); }

  std::vector<std::vector<std::uint32_t>> pushed;
  std::vector<std::uint32_t> asked;
  std::vector<std::size_t> cleared_at;
  std::vector<std::int32_t> logits;
};

/// One-hot tokens a, b, c and a context of four.
TextInterface one_hot() {
  TextInterface text;
  text.alphabet = "abc";
  text.context = 4;
  text.width = 3;
  text.code = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  return text;
}

}  // namespace

TEST_CASE("Generator: pushes the whole prompt, then each token that it chose but the last") {
  CountingRunner runner;
  const TextInterface text = one_hot();
  std::string streamed;
  GenerationObserver observer;
  observer.on_text = [&streamed](std::string_view piece) { streamed += piece; };
  Generator generator(text, runner, {.tokens = 2}, observer);
  const std::vector<Token> prompt{0, 2};
  const GeneratedText result = generator.run(prompt);
  CHECK(result.text == "ab");
  CHECK(streamed == "ab");
  CHECK(result.pushed_tokens == 3);
  CHECK(runner.asked == std::vector<std::uint32_t>{1, 2});
  CHECK_FALSE(result.is_cut_short);
}

TEST_CASE("Generator: words follow behind blanks, full stops at once") {
  CountingRunner runner;
  TextInterface text = one_hot();
  text.alphabet = Alphabet::of_words({"lamp", ".", "the"});
  std::vector<std::string> pieces;
  GenerationObserver observer;
  observer.on_text = [&pieces](std::string_view piece) { pieces.emplace_back(piece); };
  Generator generator(text, runner, {.tokens = 2}, observer);
  const std::vector<Token> prompt{0, 2};
  CHECK(generator.run(prompt).text == " lamp.");
  CHECK(pieces == std::vector<std::string>{" lamp", "."});
}

TEST_CASE("Generator: at the end of the context it stops if told so") {
  CountingRunner runner;
  const TextInterface text = one_hot();
  Generator generator(text, runner, {.tokens = 9, .at_context = AtContext::stop});
  const std::vector<Token> prompt{0, 1, 2};
  const GeneratedText result = generator.run(prompt);
  CHECK(result.text == "ab");  // after the third and the fourth token
  CHECK(result.pushed_tokens == 4);
  CHECK(result.is_cut_short);
}

TEST_CASE("Generator: a text that ends exactly with the context is not cut short") {
  CountingRunner runner;
  const TextInterface text = one_hot();
  Generator generator(text, runner, {.tokens = 2, .at_context = AtContext::stop});
  const std::vector<Token> prompt{0, 1, 2};
  CHECK_FALSE(generator.run(prompt).is_cut_short);
}

TEST_CASE("Generator: re-ingests the last half of the context as a new prompt") {
  CountingRunner runner;
  const TextInterface text = one_hot();
  std::vector<PushedToken> pushed;
  GenerationObserver observer;
  observer.on_push = [&pushed](const PushedToken& token) { pushed.push_back(token); };
  Generator generator(text, runner, {.tokens = 3}, observer);
  const std::vector<Token> prompt{0, 1, 2, 0};
  const GeneratedText result = generator.run(prompt);  // chooses b, c, a; b opens a new context
  CHECK(result.text == "bca");
  CHECK(result.reingestions == 1);
  CHECK(runner.cleared_at == std::vector<std::size_t>{4});
  REQUIRE(pushed.size() == 7);
  std::vector<std::uint32_t> positions, tokens;
  for (const PushedToken& token : pushed) {
    CHECK(token.index == &token - pushed.data());
    positions.push_back(token.position);
    tokens.push_back(token.token);
  }
  CHECK(positions == std::vector<std::uint32_t>{0, 1, 2, 3, 0, 1, 2});
  CHECK(tokens == std::vector<std::uint32_t>{0, 1, 2, 0, 0, 1, 2});
}

TEST_CASE("Generator: a context of one token re-ingests the newest") {
  CountingRunner runner;
  TextInterface text = one_hot();
  text.context = 1;
  Generator generator(text, runner, {.tokens = 4});
  const std::vector<Token> prompt{0};
  CHECK(generator.run(prompt).text == "bcab");
}

TEST_CASE("Tokens to push are foreseen as the generator pushes them") {
  const auto context = GENERATE(1U, 2U, 3U, 4U, 7U);
  const auto at_context = GENERATE(AtContext::stop, AtContext::reingest);
  TextInterface text = one_hot();
  text.context = context;
  for (std::uint32_t prompt = 1; prompt <= context; ++prompt) {
    for (std::uint32_t tokens = 0; tokens < 30; ++tokens) {
      CAPTURE(context, prompt, tokens);
      CountingRunner runner;
      const GenerationOptions options{.tokens = tokens, .at_context = at_context};
      Generator generator(text, runner, options);
      const std::uint32_t pushed = generator.run(std::vector<Token>(prompt, 0)).pushed_tokens;
      CHECK(tokens_to_push(prompt, context, options) == pushed);
    }
  }
}

TEST_CASE("Generator: no tokens asked for runs the prompt alone") {
  CountingRunner runner;
  const TextInterface text = one_hot();
  Generator generator(text, runner, {.tokens = 0});
  const std::vector<Token> prompt{0, 1};
  const GeneratedText result = generator.run(prompt);
  CHECK(result.text.empty());
  CHECK(runner.asked == std::vector<std::uint32_t>{1});
}

TEST_CASE("Generator: an empty prompt and one longer than the context are refused") {
  CountingRunner runner;
  const TextInterface text = one_hot();
  Generator generator(text, runner, {});
  CHECK_THROWS_AS(generator.run(std::vector<Token>{}), ConfigError);
  CHECK_THROWS_AS(generator.run(std::vector<Token>(5, 0)), ConfigError);
  CHECK(runner.pushed.empty());
}

TEST_CASE("Generator: knows two ways to end a context") {
  CHECK(at_context_from_string("stop") == AtContext::stop);
  CHECK(at_context_from_string("reingest") == AtContext::reingest);
  CHECK_THROWS_AS(at_context_from_string("halt"), ConfigError);
}

}  // namespace synfire
