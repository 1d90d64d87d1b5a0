// SPDX-License-Identifier: Apache-2.0
#include "models/alphabet.hpp"

#include <utility>

#include "sim/error.hpp"

namespace synfire {

std::string_view to_string(TextLevel level) {
  return level == TextLevel::word ? "word" : "character";
}

Alphabet::Alphabet(const std::string& characters) {
  symbols_.reserve(characters.size());
  for (const char character : characters) symbols_.emplace_back(1, character);
}

Alphabet Alphabet::of_words(std::vector<std::string> words) {
  Alphabet alphabet;
  alphabet.level_ = TextLevel::word;
  alphabet.symbols_ = std::move(words);
  return alphabet;
}

std::string Alphabet::characters() const {
  SYNFIRE_ASSERT(level_ == TextLevel::character, "words are no characters");
  std::string all;
  for (const std::string& symbol : symbols_) all += symbol;
  return all;
}

std::string Alphabet::continuation(Token token) const {
  const std::string& symbol = symbols_[token];
  return level_ == TextLevel::word && symbol != "." ? " " + symbol : symbol;
}

std::string Alphabet::text(std::span<const Token> tokens) const {
  std::string text;
  for (const Token token : tokens) {
    text += text.empty() ? symbols_[token] : continuation(token);
  }
  return text;
}

}  // namespace synfire
