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

std::string quoted_character(std::string_view text, std::size_t position) {
  const std::string_view character = character_at(text, position);
  const auto first = static_cast<unsigned char>(character.front());
  const bool is_printable = character.size() > 1 || (first >= 0x20U && first < 0x7FU);
  if (is_printable) return "'" + std::string(character) + "'";
  constexpr std::string_view digits = "0123456789abcdef";
  return std::string("byte 0x") + digits[first >> 4U] + digits[first & 0xFU];
}

}  // namespace synfire
