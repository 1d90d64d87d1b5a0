// SPDX-License-Identifier: Apache-2.0
#include "models/characters.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace synfire {

TEST_CASE("Characters: a UTF-8 character is taken whole, a stray byte alone") {
  CHECK(character_at("a\u00e9b", 0) == "a");
  CHECK(character_at("a\u00e9b", 1) == "\u00e9");
  CHECK(character_at("\u2014", 0) == "\u2014");
  CHECK(character_at("\U0001F433", 0) == "\U0001F433");
  CHECK(character_at("\xC3", 0) == "\xC3");  // cut off behind the first byte
  CHECK(character_at("\xE2\x80z", 0) == "\xE2");
  CHECK(character_at("\x80", 0) == "\x80");
}

TEST_CASE("Characters: a message shows what can be printed and the number of what cannot") {
  CHECK(quoted_character("7", 0) == "'7'");
  CHECK(quoted_character("\u00e9", 0) == "'\u00e9'");
  CHECK(quoted_character("\x07", 0) == "byte 0x07");
  CHECK(quoted_character("\xFF", 0) == "byte 0xff");
  CHECK(quoted_character(std::string(1, '\0'), 0) == "byte 0x00");
}

}  // namespace synfire
