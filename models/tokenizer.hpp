// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace synfire {

/// Index of a character in the alphabet of a model.
using Token = std::uint8_t;

/// Characters to tokens and back: token i is byte i of the alphabet.
class Tokenizer {
 public:
  /// Throws  ConfigError `text.alphabet` if the alphabet is empty, longer than 256 bytes or has a
  ///         byte twice.
  explicit Tokenizer(std::string alphabet);

  std::size_t vocabulary() const { return alphabet_.size(); }
  const std::string& alphabet() const { return alphabet_; }
  bool contains(char character) const { return token_of_[byte(character)] != absent; }

  /// Throws  ConfigError `place` naming the first character outside the alphabet and its position.
  std::vector<Token> encode(std::string_view text, const std::string& place = "text") const;
  char decode(Token token) const { return alphabet_[token]; }

 private:
  static constexpr std::int16_t absent = -1;
  static std::size_t byte(char character) { return static_cast<unsigned char>(character); }

  std::string alphabet_;
  std::array<std::int16_t, 256> token_of_{};
};

}  // namespace synfire
