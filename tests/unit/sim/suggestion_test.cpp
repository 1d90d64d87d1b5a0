// SPDX-License-Identifier: Apache-2.0
#include "sim/suggestion.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace synfire {

TEST_CASE("edit_distance: counts insertions, deletions and replacements") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("width", "width") == 0);
}

TEST_CASE("suggestion: names the nearest word, and nothing if none is near") {
  const std::vector<std::string> words = {"grid.width", "grid.height"};
  CHECK(suggestion("grid.widht", words) == "; did you mean `grid.width`?");
  CHECK(suggestion("zzzzzz", words).empty());
  CHECK(suggestion(std::string(100'000, 'x'), words).empty());
}

}  // namespace synfire
