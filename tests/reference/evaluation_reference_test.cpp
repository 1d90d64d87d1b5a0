// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "models/evaluation.hpp"
#include "models/spikedecoder/sequence_reference.hpp"
#include "models/text_encoding.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

struct NaiveScore {
  double bits = 0.0;
  std::uint64_t correct = 0;
  std::uint64_t characters = 0;
  std::uint64_t last_spikes = 0;
  std::size_t neurons = 0;  ///< of the population that they are of
};

void score(const std::vector<std::int64_t>& logits, double scale, Token next, NaiveScore& total) {
  double sum = 0.0;
  for (const std::int64_t logit : logits) sum += std::exp(static_cast<double>(logit) * scale);
  total.bits -= std::log2(std::exp(static_cast<double>(logits[next]) * scale) / sum);
  total.correct += std::ranges::max_element(logits) - logits.begin() == next ? 1 : 0;
  ++total.characters;
}

/// Each prediction scored once, by the whole-sequence reference, which also counts the spikes of
/// the population `last`.
NaiveScore naive(const RandomDecoder& decoder, std::span<const Token> text,
                 const std::string& last) {
  NaiveScore total;
  const TextInterface& interface = decoder.model.text;
  for (std::size_t begin = 0; total.characters + 1 < text.size(); begin += interface.context / 2) {
    const std::size_t end = std::min(begin + interface.context, text.size() - 1);
    const auto activity = run_sequence(
        decoder.parameters, sequence_input_spikes(interface, text.subspan(begin, end - begin)));
    const SequenceTensor& spikes = activity.spikes.at(last);
    total.neurons = spikes.neurons();
    for (std::size_t n = total.characters; n < end; ++n) {
      score(activity.logits[n - begin], interface.logit_scale, text[n + 1], total);
      for (std::size_t t = 0; t < spikes.steps(); ++t) {
        for (std::size_t i = 0; i < spikes.neurons(); ++i) {
          total.last_spikes += static_cast<std::uint64_t>(spikes(n - begin, t, i));
        }
      }
    }
  }
  return total;
}

}  // namespace

TEST_CASE("Evaluation: equals a naive score by the whole-sequence reference") {
  for (std::uint64_t i = 0; i < 10; ++i) {
    const std::uint64_t seed = base_seed() + i;
    CAPTURE(seed);
    const RandomDecoder decoder = random_decoder(seed);
    const DecoderArchitecture& architecture = decoder.parameters.architecture;
    const auto text = random_tokens(seed, architecture.vocabulary, 3 * architecture.context + 5);
    const Evaluation evaluation = evaluate(decoder.model, text);
    const PopulationActivity& last = evaluation.populations.back();
    if (architecture.head_spikes()) CHECK(last.name == "head.input");
    const NaiveScore expected = naive(decoder, text, last.name);
    const auto characters = static_cast<double>(expected.characters);
    CHECK(evaluation.characters == text.size() - 1);
    CHECK(evaluation.bits_per_character == Approx(expected.bits / characters));
    CHECK(evaluation.accuracy == Approx(static_cast<double>(expected.correct) / characters));
    CHECK(last.rate == Approx(static_cast<double>(expected.last_spikes) /
                              (characters * architecture.time_steps * double(expected.neurons))));
  }
}

}  // namespace synfire::test
