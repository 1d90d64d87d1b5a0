// SPDX-License-Identifier: Apache-2.0
#include "analysis/json.hpp"

#include <cmath>

#include <catch2/catch.hpp>

namespace synfire {

TEST_CASE("Json: keys keep their order and objects nest with two blanks") {
  JsonObject inner;
  inner.add("b", 2).add("a", true);
  JsonObject outer;
  outer.add("z", "text").add("inner", inner);
  CHECK(outer.to_string() ==
        "{\n  \"z\": \"text\",\n  \"inner\": {\n    \"b\": 2,\n    \"a\": true\n  }\n}");
}

TEST_CASE("Json: an empty object has no line breaks") {
  CHECK(JsonObject().to_string() == "{}");
}

TEST_CASE("Json: text is escaped so that any reader gets it back") {
  JsonObject object;
  object.add("k", std::string_view("a\"b\\c\n\x01"));
  CHECK(object.to_string() == "{\n  \"k\": \"a\\\"b\\\\c\\u000a\\u0001\"\n}");
}

TEST_CASE("Json: numbers read back exactly and what JSON lacks becomes null") {
  JsonObject object;
  object.add("x", 0.1).add("n", std::int64_t{-9007199254740993}).add("q", std::nan(""));
  CHECK(object.to_string() == "{\n  \"x\": 0.1,\n  \"n\": -9007199254740993,\n  \"q\": null\n}");
}

}  // namespace synfire
