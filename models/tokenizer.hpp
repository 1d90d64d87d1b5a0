// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/alphabet.hpp"

namespace synfire {

/// Symbols in a text: characters; or words, and full stops, each of which is one.
std::size_t count_symbols(TextLevel level, std::string_view text);

/// Text to tokens: token i is symbol i of the alphabet.
///
/// At the word level blanks part words, and a full stop is a symbol of its own wherever it stands,
/// so that `encode` takes what Alphabet::text gives.
class Tokenizer {
 public:
  /// Throws  ConfigError `text.alphabet` if the alphabet is empty, has more than 256 characters or
  ///         65,536 words, a symbol twice, or a word with a blank or beside a full stop.
  explicit Tokenizer(Alphabet alphabet);

  std::size_t vocabulary() const { return alphabet_.size(); }
  const Alphabet& alphabet() const { return alphabet_; }
  bool contains(std::string_view symbol) const { return find(symbol) != absent; }

  /// Throws  ConfigError `place` naming the first symbol outside the alphabet and its position.
  std::vector<Token> encode(std::string_view text, const std::string& place = "text") const;
  /// The same, leaving out what is not in the alphabet.
  std::vector<Token> encode_known(std::string_view text) const;

 private:
  static constexpr std::int32_t absent = -1;
  std::int32_t find(std::string_view symbol) const;
  void add(const std::string& symbol, std::int32_t token);
  template <typename Unknown>
  std::vector<Token> tokens_of(std::string_view text, const Unknown& on_unknown) const;

  Alphabet alphabet_;
  std::array<std::int32_t, 256> token_of_byte_{};         ///< characters
  std::unordered_map<std::string, Token> token_of_word_;  ///< words
};

}  // namespace synfire
