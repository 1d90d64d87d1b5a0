// SPDX-License-Identifier: Apache-2.0
#include "models/corpus.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
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

}  // namespace
}  // namespace synfire
