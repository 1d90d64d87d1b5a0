// SPDX-License-Identifier: Apache-2.0
#include "models/tokenizer.hpp"

#include <utility>

#include "models/characters.hpp"
#include "sim/error.hpp"

namespace synfire {

Tokenizer::Tokenizer(std::string alphabet) : alphabet_(std::move(alphabet)) {
  token_of_.fill(absent);
  if (alphabet_.empty() || alphabet_.size() > token_of_.size()) {
    throw ConfigError("text.alphabet",
                      "has " + std::to_string(alphabet_.size()) + " characters; give 1 to 256");
  }
  for (std::size_t i = 0; i < alphabet_.size(); ++i) {
    if (contains(alphabet_[i])) {
      throw ConfigError("text.alphabet",
                        "has " + quoted_character(alphabet_, i) + " twice; remove one");
    }
    token_of_[byte(alphabet_[i])] = static_cast<std::int16_t>(i);
  }
}

std::vector<Token> Tokenizer::encode(std::string_view text, const std::string& place) const {
  std::vector<Token> tokens;
  tokens.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!contains(text[i])) {
      throw ConfigError(place, "character " + std::to_string(i + 1) + ", " +
                                   quoted_character(text, i) +
                                   ", is not in the model's alphabet; leave it out");
    }
    tokens.push_back(static_cast<Token>(token_of_[byte(text[i])]));
  }
  return tokens;
}

}  // namespace synfire
