// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace synfire {

/// The UTF-8 character that starts at byte `position` of `text`; one byte if it is not valid UTF-8.
std::string_view character_at(std::string_view text, std::size_t position);

/// The same for an error message: in quotes, or as `byte 0x07` if it cannot be printed.
std::string quoted_character(std::string_view text, std::size_t position);

/// A byte as `0x07`.
std::string hexadecimal(char byte);

/// Bytes of `text` up to the first that is not UTF-8 (RFC 3629: shortest form, no surrogates, no
/// more than U+10FFFF); all of them if there is none.
std::size_t valid_utf8_length(std::string_view text);

}  // namespace synfire
