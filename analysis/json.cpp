// SPDX-License-Identifier: Apache-2.0
#include "analysis/json.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace synfire {
namespace {

std::string quoted(std::string_view text) {
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string result = "\"";
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      result += '\\';
      result += character;
    } else if (byte < 0x20) {
      result += "\\u00";
      result += hexadecimal[byte >> 4U];
      result += hexadecimal[byte & 15U];
    } else {
      result += character;
    }
  }
  return result + '"';
}

/// Every line but the first moved right by two blanks.
std::string indented(std::string_view text) {
  std::string result;
  for (const char character : text) {
    result += character;
    if (character == '\n') result += "  ";
  }
  return result;
}

}  // namespace

JsonObject& JsonObject::add_raw(std::string_view key, std::string value) {
  members_.emplace_back(key, std::move(value));
  return *this;
}

JsonObject& JsonObject::add(std::string_view key, std::string_view text) {
  return add_raw(key, quoted(text));
}

JsonObject& JsonObject::add(std::string_view key, bool value) {
  return add_raw(key, value ? "true" : "false");
}

JsonObject& JsonObject::add(std::string_view key, double number) {
  if (!std::isfinite(number)) return add_raw(key, "null");
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return add_raw(key, std::string(digits.data(), end));
}

JsonObject& JsonObject::add(std::string_view key, const JsonObject& object) {
  return add_raw(key, indented(object.to_string()));
}

JsonObject& JsonObject::add(std::string_view key, std::span<const std::string> texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + quoted(text);
  return add_raw(key, "[" + list + "]");
}

std::string JsonObject::to_string() const {
  if (members_.empty()) return "{}";
  std::string result = "{";
  for (const auto& [key, value] : members_) {
    result += result.size() == 1 ? "\n  " : ",\n  ";
    result += quoted(key) + ": " + value;
  }
  return result + "\n}";
}

}  // namespace synfire
