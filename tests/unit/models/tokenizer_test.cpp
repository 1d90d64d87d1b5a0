// SPDX-License-Identifier: Apache-2.0
#include "models/tokenizer.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {

TEST_CASE("Tokenizer: a token is a place in the alphabet, and back") {
  const Tokenizer tokenizer(" .ab");
  CHECK(tokenizer.vocabulary() == 4);
  CHECK(tokenizer.encode("ab. a") == std::vector<Token>{2, 3, 1, 0, 2});
  CHECK(tokenizer.alphabet()[3] == "b");
  CHECK(tokenizer.contains("a"));
  CHECK_FALSE(tokenizer.contains("c"));
}

TEST_CASE("Tokenizer: an alphabet may use all 256 bytes, not none, and each once") {
  std::string all(256, '\0');
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
  CHECK(Tokenizer(all).encode("\xFF") == std::vector<Token>{255});
  CHECK_THROWS_AS(Tokenizer(""), ConfigError);
  CHECK_THROWS_AS(Tokenizer(all + "a"), ConfigError);
  CHECK_THROWS_AS(Tokenizer("aba"), ConfigError);
}

TEST_CASE("Tokenizer: a character outside the alphabet is named with its position") {
  try {
    Tokenizer(" ab").encode("a b?", "prompt");
    FAIL("accepted '?'");
  } catch (const ConfigError& error) {
    CHECK(error.key_path == "prompt");
    CHECK_THAT(error.what(), Catch::Contains("character 4, '?'"));
  }
}

}  // namespace synfire
