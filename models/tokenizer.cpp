// SPDX-License-Identifier: Apache-2.0
#include "models/tokenizer.hpp"

#include <algorithm>
#include <utility>

#include "models/characters.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::size_t most_characters = 256;

std::size_t byte(char character) {
  return static_cast<unsigned char>(character);
}

/// The first symbol of `text` from `position` on; empty at the end.
std::string_view symbol_at(TextLevel level, std::string_view text, std::size_t position) {
  if (level == TextLevel::character) return text.substr(position, 1);
  const std::size_t begin = std::min(text.find_first_not_of(' ', position), text.size());
  if (begin < text.size() && text[begin] == '.') return text.substr(begin, 1);
  return text.substr(begin, text.find_first_of(" .", begin) - begin);
}

std::string quoted(TextLevel level, const std::string& symbol) {
  return level == TextLevel::character ? quoted_character(symbol, 0) : "'" + symbol + "'";
}

}  // namespace

std::size_t count_symbols(TextLevel level, std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const std::string_view symbol = symbol_at(level, text, at);
    if (symbol.empty()) break;
    at = static_cast<std::size_t>(symbol.data() - text.data()) + symbol.size();
  }
  return count;
}

Tokenizer::Tokenizer(Alphabet alphabet) : alphabet_(std::move(alphabet)) {
  const bool has_words = alphabet_.level() == TextLevel::word;
  const std::size_t most = has_words ? most_symbols : most_characters;
  if (alphabet_.empty() || alphabet_.size() > most) {
    throw ConfigError("text.alphabet", "has " + std::to_string(alphabet_.size()) +
                                           (has_words ? " words" : " characters") + "; give 1 to " +
                                           std::to_string(most));
  }
  token_of_byte_.fill(absent);
  for (std::size_t i = 0; i < alphabet_.size(); ++i) {
    add(alphabet_[i], static_cast<std::int32_t>(i));
  }
}

void Tokenizer::add(const std::string& symbol, std::int32_t token) {
  if (contains(symbol)) {
    throw ConfigError("text.alphabet",
                      "has " + quoted(alphabet_.level(), symbol) + " twice; remove one");
  }
  if (alphabet_.level() == TextLevel::character) {
    token_of_byte_[byte(symbol.front())] = token;
    return;
  }
  if (symbol.empty() || symbol_at(TextLevel::word, symbol, 0) != symbol) {
    throw ConfigError("text.alphabet", "has the word '" + symbol +
                                           "', which encoding would take apart; a word has "
                                           "no blank, and no full stop but alone");
  }
  token_of_word_.emplace(symbol, static_cast<Token>(token));
}

std::int32_t Tokenizer::find(std::string_view symbol) const {
  if (alphabet_.level() == TextLevel::character) return token_of_byte_[byte(symbol.front())];
  const auto found = token_of_word_.find(std::string(symbol));
  return found == token_of_word_.end() ? absent : found->second;
}

/// Calls on_unknown(number of the symbol, counted from 1; where it stands) for what has no token.
template <typename Unknown>
std::vector<Token> Tokenizer::tokens_of(std::string_view text, const Unknown& on_unknown) const {
  std::vector<Token> tokens;
  if (alphabet_.level() == TextLevel::character) tokens.reserve(text.size());
  std::size_t number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const std::string_view symbol = symbol_at(alphabet_.level(), text, at);
    if (symbol.empty()) break;
    const std::int32_t token = find(symbol);
    if (token == absent) {
      on_unknown(number, symbol);
    } else {
      tokens.push_back(static_cast<Token>(token));
    }
    at = static_cast<std::size_t>(symbol.data() - text.data()) + symbol.size();
  }
  return tokens;
}

std::vector<Token> Tokenizer::encode(std::string_view text, const std::string& place) const {
  return tokens_of(text, [&](std::size_t number, std::string_view symbol) {
    if (alphabet_.level() == TextLevel::word) {
      throw ConfigError(place, "word " + std::to_string(number) + ", '" + std::string(symbol) +
                                   "', is not among the " + std::to_string(alphabet_.size()) +
                                   " that the model knows; use another");
    }
    const auto at = static_cast<std::size_t>(symbol.data() - text.data());
    throw ConfigError(place, "character " + std::to_string(number) + ", " +
                                 quoted_character(text, at) +
                                 ", is not in the model's alphabet; leave it out");
  });
}

std::vector<Token> Tokenizer::encode_known(std::string_view text) const {
  return tokens_of(text, [](std::size_t /*number*/, std::string_view /*symbol*/) {});
}

}  // namespace synfire
