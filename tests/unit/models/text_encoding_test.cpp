// SPDX-License-Identifier: Apache-2.0
#include "models/text_encoding.hpp"

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

using Ids = std::vector<std::uint32_t>;

/// Two tokens, two groups of three bits, two positions of two bits.
TextInterface small_interface() {
  TextInterface text;
  text.alphabet = "ab";
  text.context = 2;
  text.groups = 2;
  text.width = 3;
  text.code = {1, 0, 1, /**/ 0, 1, 0,   // group 0: a, b
               1, 1, 0, /**/ 0, 0, 1};  // group 1: a, b
  text.position_width = 2;
  text.position_code = {1, 0, /**/ 1, 1};
  return text;
}

}  // namespace

TEST_CASE("Text encoding: group g shows the token g places back, ascending, position last") {
  const TextInterface text = small_interface();
  const std::vector<Token> a_b{0, 1};
  CHECK(input_spikes(text, a_b) == Ids{1, 3, 4, 6, 7});
  const std::vector<Token> b_a{1, 0};
  CHECK(input_spikes(text, b_a) == Ids{0, 2, 5, 6, 7});
}

TEST_CASE("Text encoding: without a code, tokens are one-hot in each group") {
  TextInterface text = small_interface();
  text.alphabet = Alphabet::of_words({"lamp", "lit", "the"});
  text.code.clear();
  const std::vector<Token> the_lamp{2, 0};
  CHECK(input_spikes(text, the_lamp) == Ids{0, 5, 6, 7});
}

TEST_CASE("Text encoding: a group is silent before the start of the context") {
  const std::vector<Token> a{0};
  CHECK(input_spikes(small_interface(), a) == Ids{0, 2, 6});
}

TEST_CASE("Text encoding: without a position code only the groups speak") {
  TextInterface text = small_interface();
  text.position_width = 0;
  text.position_code.clear();
  const std::vector<Token> b{1};
  CHECK(input_spikes(text, b) == Ids{1});
}

TEST_CASE("Text encoding: the last token of the context is taken, the one behind it is not") {
  const std::vector<Token> full{0, 1};
  CHECK_NOTHROW(input_spikes(small_interface(), full));
  const std::vector<Token> over{0, 1, 0};
  CHECK_THROWS_AS(input_spikes(small_interface(), over), ConfigError);
}

TEST_CASE("Text encoding: a sequence is its prefixes") {
  const TextInterface text = small_interface();
  const std::vector<Token> tokens{1, 1};
  const auto spikes = sequence_input_spikes(text, tokens);
  REQUIRE(spikes.size() == 2);
  CHECK(spikes[0] == input_spikes(text, std::span(tokens).first(1)));
  CHECK(spikes[1] == input_spikes(text, tokens));
}

}  // namespace synfire
