// SPDX-License-Identifier: Apache-2.0
#include "models/characters.hpp"

namespace synfire {
namespace {

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Bytes of a UTF-8 character by its first byte; 1 for what cannot start one.
std::size_t length_by_first_byte(unsigned char first) {
  if (first >= 0xF0U) return 4;
  if (first >= 0xE0U) return 3;
  return first >= 0xC0U ? 2 : 1;
}

/// Whether what character_at gives is one character in its shortest form.
bool is_valid(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first < 0x80U;
  const auto second = static_cast<unsigned char>(character[1]);
  if (first < 0xC2U || first > 0xF4U) return false;     // C0, C1: two bytes for what fits one
  if (first == 0xE0U && second < 0xA0U) return false;   // three for what fits two
  if (first == 0xEDU && second >= 0xA0U) return false;  // surrogates
  if (first == 0xF0U && second < 0x90U) return false;   // four for what fits three
  return first != 0xF4U || second < 0x90U;              // beyond U+10FFFF
}

}  // namespace

std::string_view character_at(std::string_view text, std::size_t position) {
  const std::size_t length = length_by_first_byte(static_cast<unsigned char>(text[position]));
  for (std::size_t i = 1; i < length; ++i) {
    if (position + i >= text.size() || !is_continuation(text[position + i])) {
      return text.substr(position, 1);
    }
  }
  return text.substr(position, length);
}

std::string hexadecimal(char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  return std::string("0x") + digits[value >> 4U] + digits[value & 0xFU];
}

std::size_t valid_utf8_length(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view character = character_at(text, at);
    if (!is_valid(character)) return at;
    at += character.size();
  }
  return at;
}

std::string quoted_character(std::string_view text, std::size_t position) {
  const std::string_view character = character_at(text, position);
  const auto first = static_cast<unsigned char>(character.front());
  const bool is_printable = character.size() > 1 || (first >= 0x20U && first < 0x7FU);
  if (is_printable) return "'" + std::string(character) + "'";
  return "byte " + hexadecimal(character.front());
}

}  // namespace synfire
