// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synfire {

/// Index of a symbol in the alphabet of a model.
using Token = std::uint16_t;
inline constexpr std::size_t most_symbols = std::size_t{1} << 16U;

/// What one token stands for.
enum class TextLevel : std::uint8_t { character, word };

/// `character` or `word`: what tokens are counted in.
std::string_view to_string(TextLevel level);

/// The symbols of a text, one per token: characters of one byte, or words that blanks part.
class Alphabet {
 public:
  Alphabet() = default;
  // Not explicit: a string of characters is an alphabet, in tests and in configurations.
  Alphabet(const std::string& characters);
  Alphabet(const char* characters) : Alphabet(std::string(characters)) {}
  static Alphabet of_words(std::vector<std::string> words);

  TextLevel level() const { return level_; }
  bool empty() const { return symbols_.empty(); }
  std::size_t size() const { return symbols_.size(); }
  const std::string& operator[](std::size_t token) const { return symbols_[token]; }
  const std::vector<std::string>& symbols() const { return symbols_; }

  /// All characters in their order, one byte a token. Characters only.
  std::string characters() const;

  /// How a token goes on a text: a character as it is, a word behind a blank, a full stop at once.
  std::string continuation(Token token) const;
  /// Tokens as a text, without the blank in front of a first word.
  std::string text(std::span<const Token> tokens) const;

  bool operator==(const Alphabet&) const = default;

 private:
  TextLevel level_ = TextLevel::character;
  std::vector<std::string> symbols_;
};

}  // namespace synfire
