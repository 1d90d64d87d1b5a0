// SPDX-License-Identifier: Apache-2.0
#include "sim/app/token_range.hpp"

#include <charconv>
#include <string_view>

#include "sim/error.hpp"

namespace synfire::app {
namespace {

std::uint32_t parse_token(std::string_view digits, const std::string& text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc{} && end == digits.data() + digits.size() && value != UINT32_MAX) {
    return value;
  }
  throw ConfigError("--tokens", "'" + text + "' is not i:j; write for example 0:4");
}

}  // namespace

TokenRange parse_token_range(const std::string& text) {
  const std::string_view whole = text;
  const auto colon = whole.find(':');
  TokenRange range;
  range.first = parse_token(whole.substr(0, colon), text);
  range.end = colon == std::string_view::npos ? range.first + 1
                                              : parse_token(whole.substr(colon + 1), text);
  if (range.first < range.end) return range;
  throw ConfigError("--tokens", "'" + text + "' is an empty range; write i:j with i < j");
}

}  // namespace synfire::app
