// SPDX-License-Identifier: Apache-2.0
#include "analysis/arithmetic.hpp"

#include <catch2/catch.hpp>

namespace synfire {
namespace {

constexpr double microjoule = 1e-6;
constexpr DecoderShape characters{
    .width = 80, .hidden_width = 1280, .blocks = 12, .vocabulary = 30, .time_steps = 4};
constexpr std::int64_t character_context = 256;
constexpr DecoderShape words{
    .width = 160, .hidden_width = 2560, .blocks = 25, .vocabulary = 5947, .time_steps = 4};
constexpr std::int64_t word_context = 128;

Approx microjoules(double value) {
  return Approx(value * microjoule).margin(0.05 * microjoule).epsilon(0);
}

}  // namespace

TEST_CASE("Arithmetic account: SpikeDecoder's character figures come out as published") {
  CHECK(arithmetic::spiking(characters, published_rates, character_context) == microjoules(1230.8));
  CHECK(arithmetic::partially_spiking(characters, published_rates, character_context) ==
        microjoules(6019.8));
  CHECK(arithmetic::artificial_as_published(characters, character_context) == microjoules(14032.7));
  CHECK(arithmetic::artificial_corrected(characters, character_context) == microjoules(7670.2));
}

TEST_CASE("Arithmetic account: SpikeDecoder's word figures come out as published") {
  CHECK(arithmetic::spiking(words, published_rates, word_context) == microjoules(4751.3));
  CHECK(arithmetic::partially_spiking(words, published_rates, word_context) ==
        microjoules(24761.4));
  CHECK(arithmetic::artificial_as_published(words, word_context) == microjoules(25928.4));
  CHECK(arithmetic::artificial_corrected(words, word_context) == microjoules(29454.0));
}

TEST_CASE("Arithmetic account: a dense head takes its multiply-accumulates instead of additions") {
  DecoderRates rates = published_rates;
  rates.head_input = 0;
  const double biases = 0.9e-12 * 30 * 256;
  const double products = 4.6e-12 * 2 * 80 * 30 * 256;
  CHECK(arithmetic::spiking_but_head(characters, published_rates, character_context) ==
        Approx(arithmetic::spiking(characters, rates, character_context) - biases + products)
            .epsilon(1e-9));
}

TEST_CASE("Arithmetic account: mending the program's slips shrinks the saving of T=4 to 84.0 %") {
  const double spiking = arithmetic::spiking(characters, published_rates, character_context);
  const double published = arithmetic::artificial_as_published(characters, character_context);
  const double corrected = arithmetic::artificial_corrected(characters, character_context);
  CHECK(1 - spiking / published == Approx(0.912).margin(0.0005));
  CHECK(1 - spiking / corrected == Approx(0.840).margin(0.0005));
}

}  // namespace synfire
