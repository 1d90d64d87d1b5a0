// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace synfire {

/// The UTF-8 character that starts at byte `position` of `text`; one byte if it is not valid UTF-8.
std::string_view character_at(std::string_view text, std::size_t position);

/// The same for an error message: in quotes, or as `byte 0x07` if it cannot be printed.
std::string quoted_character(std::string_view text, std::size_t position);

}  // namespace synfire
