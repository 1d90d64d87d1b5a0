// SPDX-License-Identifier: Apache-2.0
#include "sim/suggestion.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace synfire {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  constexpr std::size_t longest_word = 200;  // the distance costs length squared
  if (word.size() > longest_word) return "";
  const std::string* nearest = nullptr;
  std::size_t best = std::max<std::size_t>(2, word.size() / 2);
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      nearest = &candidate;
    }
  }
  return nearest == nullptr ? "" : "; did you mean `" + *nearest + "`?";
}

}  // namespace synfire
