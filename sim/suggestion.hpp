// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace synfire {

/// Fewest single-character insertions, deletions and replacements between two words (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// "; did you mean `X`?" for the candidate nearest to a mistyped word, empty if none is near.
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace synfire
