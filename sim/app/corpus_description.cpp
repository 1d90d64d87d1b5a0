// SPDX-License-Identifier: Apache-2.0
#include "sim/app/corpus_description.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "analysis/grouped.hpp"
#include "models/corpus.hpp"
#include "models/tokenizer.hpp"
#include "sim/error.hpp"

namespace synfire::app {
namespace {

const std::map<std::string, TextLevel> level_names = {{"char", TextLevel::character},
                                                      {"word", TextLevel::word}};
// Of the published runs: SpikeDecoder's program.
constexpr std::int64_t characters_in_context = 256;
constexpr std::int64_t words_in_context = 128;

std::string line(const std::string& key, const std::string& value) {
  return fmt::format("{:<22}{}\n", key, value);
}

std::size_t count_seen(const std::vector<Token>& tokens, std::size_t symbols) {
  std::vector<bool> is_seen(symbols);
  for (const Token token : tokens) is_seen[token] = true;
  return static_cast<std::size_t>(std::ranges::count(is_seen, true));
}

std::string describe_symbols(const CorpusOptions& options, const Alphabet& alphabet,
                             std::size_t seen) {
  if (options.level == TextLevel::character) return fmt::format("{} characters", seen);
  return fmt::format(
      "{} words: those that occur {} times or more, the full stop, and P, which "
      "stands for nothing",
      grouped(std::ssize(alphabet.symbols())), options.least_count);
}

}  // namespace

CLI::Option* add_corpus_options(CLI::App& command, CorpusOptions& options) {
  CLI::Option* text = command.add_option(
      "--corpus", options.text, "Count a text (file or package folder) as training would read it");
  command
      .add_option_function<std::string>(
          "--level", [&options](const std::string& name) { options.level = level_names.at(name); },
          "Of --corpus: what a token is, char or word")
      ->check(CLI::IsMember(level_names))
      ->default_str("char")
      ->needs(text);
  command
      .add_option("--min-count", options.least_count,
                  "Of --level word: how often a word must occur to be a token")
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->needs(text);
  command
      .add_option("--context", options.context,
                  "Of --corpus: tokens in a window; default: 256 characters, 128 words")
      ->check(CLI::PositiveNumber)
      ->needs(text);
  return text;
}

std::string describe_corpus(const CorpusOptions& options) {
  const bool has_words = options.level == TextLevel::word;
  const Alphabet alphabet = has_words ? load_words(options.text, options.least_count)
                                      : Alphabet(std::string(character_alphabet));
  const std::vector<Token> tokens =
      corpus_tokens(Tokenizer(alphabet), load_text(options.text), options.text);
  if (tokens.empty()) {
    throw ConfigError(options.text, "has not one character of text; give an English text");
  }
  std::int64_t context = has_words ? words_in_context : characters_in_context;
  if (options.context > 0) context = options.context;
  const WindowCounts windows = count_windows(tokens.size(), static_cast<std::uint64_t>(context));
  const std::string unit(to_string(options.level));
  return line("symbols", describe_symbols(options, alphabet, count_seen(tokens, alphabet.size()))) +
         line("tokens", fmt::format("{} {}s", grouped(std::ssize(tokens)), unit)) +
         line(fmt::format("windows of {}", context),
              fmt::format("{}; {} in the first nine tenths, which SpikeDecoder trains on",
                          grouped(static_cast<std::int64_t>(windows.all)),
                          grouped(static_cast<std::int64_t>(windows.training))));
}

}  // namespace synfire::app
