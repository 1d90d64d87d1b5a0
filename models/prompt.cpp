// SPDX-License-Identifier: Apache-2.0
#include "models/prompt.hpp"

#include <algorithm>
#include <string>

#include "models/characters.hpp"
#include "models/corpus.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

bool uses_cleaned_text(const Alphabet& alphabet) {
  return std::ranges::all_of(alphabet.symbols(), [](const std::string& symbol) {
    return character_alphabet.find(symbol) != std::string_view::npos;
  });
}

/// The same character again and again from `position` on: `--` is one thing to cleaning.
std::string_view run_at(std::string_view text, std::size_t position) {
  const std::string_view character = character_at(text, position);
  std::size_t end = position + character.size();
  while (text.substr(end, character.size()) == character) end += character.size();
  return text.substr(position, end - position);
}

/// Asks cleaning itself, so that its rules stand in one place.
void refuse_deleted_characters(std::string_view prompt) {
  std::size_t number = 1;
  for (std::size_t i = 0; i < prompt.size();) {
    const std::string_view run = run_at(prompt, i);
    if (clean_text("a" + std::string(run) + "a") == "aa") {
      throw ConfigError("prompt", "character " + std::to_string(number) + ", " +
                                      quoted_character(prompt, i) +
                                      ", would be lost: the model knows letters, spaces, . and '"
                                      "; rephrase it");
    }
    number += run.size() / character_at(prompt, i).size();
    i += run.size();
  }
}

}  // namespace

std::vector<Token> encode_prompt(const Tokenizer& tokenizer, std::string_view prompt) {
  std::string text(prompt);
  const TextLevel level = tokenizer.alphabet().level();
  if (level == TextLevel::word) {
    refuse_deleted_characters(prompt);
    text = word_stream(prompt);
  } else if (uses_cleaned_text(tokenizer.alphabet())) {
    refuse_deleted_characters(prompt);
    text = clean_text(prompt);
  }
  if (text.find_first_not_of(' ') == std::string::npos && level == TextLevel::word) text.clear();
  if (text.empty()) {
    throw ConfigError("prompt", "is empty; give at least one " + std::string(to_string(level)));
  }
  return tokenizer.encode(text, "prompt");
}

}  // namespace synfire
