// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace synfire::app {

/// Tokens [first, end).
struct TokenRange {
  std::uint32_t first = 0;
  std::uint32_t end = 0;
};

/// What `--tokens i:j` asks for, or `--tokens i`: that one.
///
/// Throws  ConfigError `--tokens` for another form or an empty range.
TokenRange parse_token_range(const std::string& text);

}  // namespace synfire::app
