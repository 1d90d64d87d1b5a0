// SPDX-License-Identifier: Apache-2.0
#include "models/corpus.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <span>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire {
namespace {

TEST_CASE("clean_text: exclamation and question marks are full stops") {
  CHECK(clean_text("Call me Ishmael! Why?") == "call me ishmael. why. ");
}

TEST_CASE("clean_text: dashes and semicolons are spaces, a curly apostrophe is a straight one") {
  CHECK(clean_text("ago\u2014never mind") == "ago never mind");
  CHECK(clean_text("thus--so;there") == "thus so there");
  CHECK(clean_text("don\u2019t") == "don't");
}

TEST_CASE("clean_text: white space is one space, other characters go") {
  CHECK(clean_text("a\r\n\tb  c") == "a b c");
  CHECK(clean_text("(12) \"well, prince\" caf\u00e9-au-lait") == "well prince cafaulait");
}

TEST_CASE("clean_text: one space follows a full stop, but not a lone capital's") {
  CHECK(clean_text("end.Begin") == "end. begin");
  CHECK(clean_text("end.   Begin") == "end. begin");
  CHECK(clean_text("the U.S. and A.Smith") == "the u.s. and a.smith");
}

TEST_CASE("clean_text: an ellipsis stays together") {
  CHECK(clean_text("well. . . so") == "well... so");
  CHECK(clean_text("well... so") == "well... so");
}

TEST_CASE("clean_text leaves only the alphabet") {
  std::string all;
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  for (const char c : clean_text(all)) CHECK(character_alphabet.find(c) != std::string_view::npos);
}

/// A package folder that goes away with the test.
struct Package {
  test::TemporaryFolder folder;
  std::filesystem::path path = folder.path();
  Package() {
    std::filesystem::create_directories(path / "data");
    std::ofstream(path / "data/file_list.json") << "[\n  \"b.txt\",\n  \"a.txt\"\n]\n";
    std::ofstream(path / "data/a.txt") << "second";
    std::ofstream(path / "data/b.txt") << "first";
  }
};

TEST_CASE("load_text: a package's files come in the package's order") {
  const Package package;
  CHECK(load_text(package.path) == "first\nsecond\n");
  CHECK(load_text(package.path / "data/a.txt") == "second");
}

TEST_CASE("load_text: what is not there is an IoError with its path") {
  const Package package;
  std::filesystem::remove(package.path / "data/a.txt");
  CHECK_THROWS_AS(load_text(package.path), IoError);
  CHECK_THROWS_AS(load_text("no/such/file.txt"), IoError);
}

TEST_CASE("split_held_out: the last tenth, without overlap") {
  const std::vector<Token> tokens(1009, 0);
  const HeldOutSplit split = split_held_out(tokens);
  CHECK(split.training.size() == 900);
  CHECK(split.held_out.size() == 109);
  CHECK(split.held_out.data() == split.training.data() + 900);
}

std::filesystem::path rules_text() {
  return std::filesystem::path(SYNFIRE_SOURCE_FOLDER) / "tests/unit/models/corpus/rules.txt";
}

std::string joined(const Alphabet& alphabet) {
  std::string line;
  for (const std::string& symbol : alphabet.symbols()) line += symbol + " ";
  return line;
}

TEST_CASE("clean_text: each line of the rules' text comes out as the rules say") {
  // By hand, line by line.
  const std::string expected =
      "the lamp is lit. is it. it is. "
      "the keys the bread the salt "
      "room the left door "
      "the lamp ends. then it begins. "
      "a.reed met j.k. salt in the u.s. today "
      "it waits... and waits "
      "the lamp is lit "
      "it's the lamp's "
      "'lamp ''lamp 'lamp ";
  CHECK(clean_text(load_text(rules_text())) == expected);
}

TEST_CASE("word_stream: each line of the rules' text comes out as the rules say") {
  const std::string expected =
      "the lamp is lit . is it . it is . "
      "the keysthe bread the salt "
      "room the left door "
      "the lamp ends . then it begins . "
      "a . reed met j . k . salt in the u . s . today "
      "it waits . . . and waits "
      "the lamp is lit "
      "it's the lamp's "
      "'lamp 'lamp 'lamp ";
  CHECK(word_stream(load_text(rules_text())) == expected);
  CHECK(word_stream("don\u2019t caf\u00e9") == "don't caf ");
}

TEST_CASE("word_alphabet: words are pruned by how often they occur, and are ascending") {
  const std::string text = load_text(rules_text());
  // the 9, is 4, it 4, lamp 3, lit 2, salt 2, waits 2, 'lamp 2 (and ''lamp 1); all others once.
  CHECK(joined(word_alphabet(text, 2)) == "'lamp . P is it lamp lit salt the waits ");
  CHECK(joined(word_alphabet(text, 4)) == ". P is it the ");
  CHECK(word_alphabet(text, 9).size() == 3);
  CHECK(word_alphabet(text, 10).size() == 2);
}

TEST_CASE("corpus_tokens: a model of words reads those that it knows") {
  const std::string text = load_text(rules_text());
  const Tokenizer tokenizer(word_alphabet(text, 2));
  const std::vector<Token> tokens = corpus_tokens(tokenizer, text, "text");
  // Line by line 11, 3, 1, 5, 7, 6, 4, 1, 3.
  CHECK(tokens.size() == 41);
  CHECK(tokenizer.alphabet().text(std::span(tokens).first(12)) ==
        "the lamp is lit. is it. it is. the");
}

TEST_CASE("load_words: a text of rare words and one of no words are refused") {
  CHECK(load_words(rules_text(), 9).size() == 3);
  CHECK_THROWS_AS(load_words(rules_text(), 10), ConfigError);
}

TEST_CASE("load_text: the first byte that is not UTF-8 is named") {
  const test::TemporaryFolder folder;
  const auto refusal = [&](const std::string& bytes) {
    const std::filesystem::path path = folder.path() / "text.txt";
    std::ofstream(path, std::ios::binary) << bytes;
    try {
      load_text(path);
    } catch (const IoError& error) {
      CHECK(error.path == path.string());
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(refusal("caf\u00e9 \u2014 \U0001F40B") == "accepted");
  CHECK_THAT(refusal("caf\xe9 au lait"), Catch::Contains("byte 3 (0xe9) is not UTF-8"));
  CHECK_THAT(refusal("\xff\xfe"
                     "a\0b"),
             Catch::Contains("byte 0 (0xff)"));
  CHECK_THAT(refusal("ab\xc0\xaf"), Catch::Contains("byte 2 (0xc0)"));      // longer than need be
  CHECK_THAT(refusal("ab\xed\xa0\x80"), Catch::Contains("byte 2 (0xed)"));  // half a pair
  CHECK_THAT(refusal("abc\xe2\x80"), Catch::Contains("byte 3 (0xe2)"));     // cut off
  CHECK_THAT(refusal("\xf4\x90\x80\x80"), Catch::Contains("byte 0 (0xf4)"));
}

TEST_CASE("count_windows: one at every place, nine tenths of them, rounded up, for training") {
  CHECK(count_windows(128, 128).all == 0);
  CHECK(count_windows(129, 128).all == 1);
  CHECK(count_windows(129, 128).training == 1);
  CHECK(count_windows(579'309, 128).all == 579'181);
  CHECK(count_windows(579'309, 128).training == 521'263);
}

TEST_CASE("the published counts of War and Peace come out, if its text is at hand") {
  const char* path = std::getenv("SYNFIRE_WAR_AND_PEACE");
  if (path == nullptr) {
    WARN("SYNFIRE_WAR_AND_PEACE names no text; the counts are those of the rules' text only");
    return;
  }
  const std::string text = load_text(path);
  const std::string characters = clean_text(text);
  CHECK(characters.size() == 3'122'687);
  CHECK(std::set<char>(characters.begin(), characters.end()).size() == 29);
  const Tokenizer tokenizer(word_alphabet(text, 6));
  CHECK(tokenizer.vocabulary() == 5'947);
  const std::size_t words = corpus_tokens(tokenizer, text, path).size();
  CHECK(words == 579'309);
  CHECK(count_windows(words, 128).training == 521'263);
}

}  // namespace
}  // namespace synfire
