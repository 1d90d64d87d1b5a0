// SPDX-License-Identifier: Apache-2.0
#include "models/count_table.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

const std::vector<Token> abracadabra{0, 1, 2, 0, 3, 0, 4, 0, 1, 2, 0};  // a b r a c a d a b r a

}  // namespace

TEST_CASE("Count table: Witten-Bell worked out by hand") {
  const CountTable table(5, 1, abracadabra);
  // No context: 11 characters, 5 different. p(b) = (2 + 5 / 5) / (11 + 5).
  const std::vector<Token> nothing;
  CHECK(table.probability(nothing, 1) == Approx(3.0 / 16));
  // After a: b, c, d, b of four; 3 different. p(b | a) = (2 + 3 * 3/16) / (4 + 3).
  const std::vector<Token> after_a{0};
  CHECK(table.probability(after_a, 1) == Approx((2 + 3 * 3.0 / 16) / 7));
}

TEST_CASE("Count table: probabilities add up to one, after seen and unseen contexts") {
  const CountTable table(6, 3, abracadabra);
  for (const std::vector<Token>& history :
       std::vector<std::vector<Token>>{{}, {0}, {0, 1, 2}, {5, 5, 5}, {3, 0, 1}, {0, 1, 2, 0, 3}}) {
    double sum = 0.0;
    for (Token next = 0; next < 6; ++next) sum += table.probability(history, next);
    CHECK(sum == Approx(1.0));
  }
}

TEST_CASE("Count table: words beyond the 256th are told apart") {
  const std::vector<Token> text{5000, 5001, 5000, 5002, 5000, 5001, 904};  // 5000 - 904 = 2^12
  const CountTable table(5947, 2, text);
  double sum = 0.0;
  for (Token next = 0; next < 5947; ++next)
    sum += table.probability(std::span(text).first(1), next);
  CHECK(sum == Approx(1.0));
  const std::vector<Token> after{904};
  CHECK(table.probability(std::span(text).first(1), 5001) >
        10 * table.probability(std::span(text).first(1), 905));
  CHECK(table.probability(after, 5001) < 0.5);  // nothing was seen after 904
}

TEST_CASE("Count table: an unseen context passes on what a shorter one knows") {
  const CountTable table(6, 2, abracadabra);
  const std::vector<Token> unseen{5, 0}, shorter{0};
  CHECK(table.probability(unseen, 1) == Approx(table.probability(shorter, 1)));
}

TEST_CASE("Count table: bits are the mean surprise of all characters but the first") {
  const CountTable table(5, 2, abracadabra);
  const std::vector<Token> text{0, 1, 4}, a{0}, ab{0, 1};
  const double bits = -std::log2(table.probability(a, 1)) - std::log2(table.probability(ab, 4));
  CHECK(table.bits_per_character(text) == Approx(bits / 2));
}

TEST_CASE("Count table: without training text every character is equally likely") {
  const std::vector<Token> nothing, text{1, 2, 3};
  CHECK(CountTable(8, 2, nothing).bits_per_character(text) == Approx(3.0));
}

TEST_CASE("Count table: too much context and too little text are refused") {
  CHECK_NOTHROW(CountTable(5, CountTable::max_context, abracadabra));
  CHECK_THROWS_AS(CountTable(5, CountTable::max_context + 1, abracadabra), ConfigError);
  CHECK(CountTable::longest_context(29) == CountTable::max_context);
  CHECK(CountTable::longest_context(5947) == 3);  // four tokens of 13 bits fit a key of 64
  CHECK_THROWS_AS(CountTable(5947, 4, abracadabra), ConfigError);
  const std::vector<Token> one{0};
  CHECK_THROWS_AS(CountTable(5, 1, abracadabra).bits_per_character(one), ConfigError);
}

}  // namespace synfire
