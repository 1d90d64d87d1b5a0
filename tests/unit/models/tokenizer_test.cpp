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

namespace {

const Alphabet words = Alphabet::of_words({".", "P", "a", "lamp", "lit", "the"});

}  // namespace

TEST_CASE("Tokenizer: blanks part words, and a full stop is one wherever it stands") {
  const Tokenizer tokenizer(words);
  const std::vector<Token> expected{5, 3, 0, 0, 2, 4, 0};
  CHECK(tokenizer.encode("the lamp . . a lit .") == expected);
  CHECK(tokenizer.encode(" the  lamp..a lit. ") == expected);
  CHECK(tokenizer.encode("  ").empty());
}

TEST_CASE("Tokenizer: the text of words is encoded as the same words") {
  const std::vector<Token> tokens{5, 3, 0, 0, 2, 4, 1, 0};
  CHECK(words.text(tokens) == "the lamp.. a lit P.");
  CHECK(Tokenizer(words).encode(words.text(tokens)) == tokens);
  std::string text = words.text(std::vector<Token>{5});
  for (std::size_t i = 1; i < tokens.size(); ++i) text += words.continuation(tokens[i]);
  CHECK(text == words.text(tokens));
}

TEST_CASE("Tokenizer: an unknown word is named with its place, or left out") {
  const Tokenizer tokenizer(words);
  CHECK(tokenizer.encode_known("the old lamp.") == std::vector<Token>{5, 3, 0});
  try {
    tokenizer.encode("the. old lamp", "prompt");
    FAIL("accepted 'old'");
  } catch (const ConfigError& error) {
    CHECK(error.key_path == "prompt");
    CHECK_THAT(error.what(), Catch::Contains("word 3, 'old'"));
  }
}

TEST_CASE("Tokenizer: words that encoding would take apart, and words twice, are refused") {
  for (const std::vector<std::string>& list :
       {std::vector<std::string>{"a", "b", "a"}, {"a b"}, {" a"}, {"a."}, {".."}, {"a", ""}}) {
    CHECK_THROWS_AS(Tokenizer(Alphabet::of_words(list)), ConfigError);
  }
}

TEST_CASE("Tokenizer: as many words as a token can number") {
  std::vector<std::string> many;
  for (std::size_t i = 0; i < most_symbols; ++i) many.push_back(std::to_string(i));
  CHECK(Tokenizer(Alphabet::of_words(many)).encode("65535 0") == std::vector<Token>{65535, 0});
  many.emplace_back("one");
  CHECK_THROWS_AS(Tokenizer(Alphabet::of_words(many)), ConfigError);
}

TEST_CASE("count_symbols: characters, or words and full stops") {
  CHECK(count_symbols(TextLevel::character, "a b. ") == 5);
  CHECK(count_symbols(TextLevel::word, " a  b.. c") == 5);
  CHECK(count_symbols(TextLevel::word, "") == 0);
}

}  // namespace synfire
