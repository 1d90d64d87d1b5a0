// SPDX-License-Identifier: Apache-2.0
#include "models/prompt.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "models/corpus.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

std::string encoded(std::string_view prompt) {
  const Tokenizer tokenizer{std::string(character_alphabet)};
  std::string text;
  for (const Token token : encode_prompt(tokenizer, prompt)) text += tokenizer.alphabet()[token];
  return text;
}

std::string refusal(std::string_view prompt) {
  try {
    encoded(prompt);
  } catch (const ConfigError& error) {
    CHECK(error.key_path == "prompt");
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("Prompt: is cleaned as the training text was") {
  CHECK(encoded("Call me Ishmael!") == "call me ishmael. ");
  CHECK(encoded("Whale?  Where;\nthere--or\u2014here") == "whale. where there or here");
  CHECK(encoded("the whale\u2019s") == "the whale's");
}

TEST_CASE("Prompt: a character that cleaning would delete is named with its position") {
  CHECK_THAT(refusal("chapter 42"), Catch::Contains("character 9, '4',"));
  CHECK_THAT(refusal("caf\u00e9"), Catch::Contains("character 4, '\u00e9',"));
  CHECK_THAT(refusal("\u2014\u2014 so, then"), Catch::Contains("character 6, ',',"));
  CHECK_THAT(refusal("sea-worn"), Catch::Contains("character 4, '-',"));
  CHECK_THAT(refusal("a\xFF"), Catch::Contains("character 2, byte 0xff,"));
}

TEST_CASE("Prompt: an empty one, or one that cleaning empties, is refused") {
  CHECK_THAT(refusal(""), Catch::Contains("is empty"));
  CHECK_THAT(refusal(" \n "), Catch::Contains("is empty"));
}

TEST_CASE("Prompt: a model with an alphabet of its own takes it as it stands") {
  const Tokenizer tokenizer("AB12");
  CHECK(encode_prompt(tokenizer, "A1") == std::vector<Token>{0, 2});
  CHECK_THROWS_AS(encode_prompt(tokenizer, "a1"), ConfigError);
  CHECK_THROWS_AS(encode_prompt(tokenizer, ""), ConfigError);
}

TEST_CASE("Prompt: a cleaned letter that a small alphabet lacks is refused") {
  CHECK_THROWS_AS(encode_prompt(Tokenizer(" abc"), "abcd"), ConfigError);
}

namespace {

std::string of_words(std::string_view prompt) {
  const Tokenizer tokenizer(Alphabet::of_words({".", "P", "ishmael", "call", "don't", "me"}));
  try {
    return tokenizer.alphabet().text(encode_prompt(tokenizer, prompt));
  } catch (const ConfigError& error) {
    CHECK(error.key_path == "prompt");
    return error.what();
  }
}

}  // namespace

TEST_CASE("Prompt: a model of words reads words as its training text had them") {
  CHECK(of_words("Call me Ishmael!") == "call me ishmael.");
  CHECK(of_words("call me. Don\u2019t") == "call me. don't");
}

TEST_CASE("Prompt: an unknown word, lost characters and no word at all are refused") {
  CHECK_THAT(of_words("call me ahab"), Catch::Contains("word 3, 'ahab'"));
  CHECK_THAT(of_words("call me 7 times"), Catch::Contains("character 9, '7'"));
  CHECK_THAT(of_words(" \n"), Catch::Contains("give at least one word"));
}

}  // namespace synfire
