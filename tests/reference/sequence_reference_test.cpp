// SPDX-License-Identifier: Apache-2.0
#include "models/spikedecoder/sequence_reference.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "models/text_encoding.hpp"
#include "neurons/network_reference.hpp"
#include "sim/random.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

std::vector<std::uint32_t> fired(const SequenceTensor& spikes, std::size_t n, std::size_t t) {
  std::vector<std::uint32_t> ids;
  for (std::size_t i = 0; i < spikes.neurons(); ++i) {
    if (spikes(n, t, i) != 0) ids.push_back(static_cast<std::uint32_t>(i));
  }
  return ids;
}

/// Number of (population, step) of token n in which the two references differ.
int differences(const Network& network, const SequenceActivity& sequence,
                const NetworkReference& reference, std::size_t n) {
  int count = 0;
  for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
    const Population& population = network.populations()[p];
    for (std::uint32_t t = 0; t < network.time_steps(); ++t) {
      if (population.model == NeuronModel::readout) continue;
      if (is_graded(population.model)) {
        const SequenceTensor& expected = sequence.payloads.at(population.name);
        const auto payloads = reference.payloads(PopulationId{p}, t);
        for (std::size_t i = 0; i < population.size; ++i) count += payloads[i] != expected(n, t, i);
      } else {
        const auto spikes = reference.spikes(PopulationId{p}, t);
        count += !std::ranges::equal(spikes, fired(sequence.spikes.at(population.name), n, t));
      }
    }
  }
  return count;
}

void check_decoder(const RandomDecoder& decoder, const std::vector<Token>& tokens) {
  const Network& network = decoder.model.network;
  const auto spikes = sequence_input_spikes(decoder.model.text, tokens);
  const SequenceActivity sequence = run_sequence(decoder.parameters, spikes);
  NetworkReference reference(network, decoder.model.text.context);
  for (std::size_t n = 0; n < tokens.size(); ++n) {
    CAPTURE(n);
    const auto logits = reference.run_token(spikes[n]);
    REQUIRE(std::ranges::equal(logits, sequence.logits[n]));
    REQUIRE(differences(network, sequence, reference, n) == 0);
  }
}

}  // namespace

TEST_CASE("Sequence reference: equals the token-by-token reference on random decoders") {
  for (std::uint64_t i = 0; i < 60; ++i) {
    const std::uint64_t seed = base_seed() + i;
    CAPTURE(seed);
    const RandomDecoder decoder = random_decoder(seed);
    const DecoderArchitecture& architecture = decoder.parameters.architecture;
    check_decoder(decoder, random_tokens(seed, architecture.vocabulary, architecture.context));
  }
}

TEST_CASE("Sequence reference: equals the token-by-token reference on a wider decoder") {
  DecoderArchitecture architecture{.time_steps = 4,
                                   .blocks = 2,
                                   .embedding = 96,
                                   .heads = 3,
                                   .hidden = 384,
                                   .vocabulary = 29,
                                   .context = 40,
                                   .groups = 2,
                                   .code_width = 32,
                                   .position_width = 9};
  for (const std::optional<AttentionKind> kind :
       {std::optional<AttentionKind>{}, {AttentionKind::published}, {AttentionKind::leaky}}) {
    architecture.attention = kind;
    architecture.fraction_bits = kind == AttentionKind::leaky ? 8 : 0;
    const RandomDecoder decoder = random_decoder(base_seed(), architecture);
    check_decoder(decoder, random_tokens(base_seed(), architecture.vocabulary, 40));
  }
}

TEST_CASE("Sequence reference: attention of three tokens worked out by hand") {
  // One step, one head of two dimensions. q.k: token 2 sees token 0 once, token 1 twice, itself
  // not.
  SequenceTensor q(3, 1, 2), k(3, 1, 2), v(3, 1, 2);
  q(2, 0, 0) = q(2, 0, 1) = 1;
  k(0, 0, 0) = 1;
  k(1, 0, 0) = k(1, 0, 1) = 1;
  v(0, 0, 0) = 1;
  v(1, 0, 0) = v(1, 0, 1) = 1;
  v(2, 0, 1) = 1;
  const SequenceTensor y = sequence::published_attention(q, k, v, 1);
  CHECK(y(1, 0, 0) == 0);
  CHECK(y(2, 0, 0) == 3);
  CHECK(y(2, 0, 1) == 2);
  // Leaky with half the state kept and F = 4: token 0 counts 16 -> 8 -> 4, token 1 32 -> 16.
  const std::uint8_t halve = 1;
  const SequenceTensor z = sequence::leaky_attention(q, k, v, {&halve, 1}, 4);
  CHECK(z(2, 0, 0) == 4 + 16);
  CHECK(z(2, 0, 1) == 16);
}

TEST_CASE("Sequence reference: a LIF neuron of tau 2 halves, fires at its threshold and resets") {
  SequenceTensor x(1, 4, 2);
  for (std::size_t t = 0; t < 4; ++t) x(0, t, 0) = x(0, t, 1) = 8;
  const std::vector<std::int32_t> threshold{6, 7};
  const SequenceTensor at = sequence::lif(x, {}, threshold, true);
  CHECK(fired(at, 0, 0).empty());                           // H = 4
  CHECK(fired(at, 0, 1) == std::vector<std::uint32_t>{0});  // H = 6
  CHECK(fired(at, 0, 2) == std::vector<std::uint32_t>{1});  // H = 4 after reset; 7
  CHECK(fired(at, 0, 3) == std::vector<std::uint32_t>{0});
  const SequenceTensor above = sequence::lif(x, {}, threshold, false);
  CHECK(fired(above, 0, 1).empty());  // 6 is not above 6
  CHECK(fired(above, 0, 2) == std::vector<std::uint32_t>{0});
}

TEST_CASE("Sequence reference: shifts round down") {
  SequenceTensor x(1, 1, 3);
  x(0, 0, 0) = -1;
  x(0, 0, 1) = 5;
  x(0, 0, 2) = 5;
  const std::vector<std::int32_t> bias{0, 0, 1};
  const std::vector<std::int8_t> shift{2, 1, -2};
  const SequenceTensor r = sequence::residual(SequenceTensor(1, 1, 3), x, bias, shift);
  CHECK(r(0, 0, 0) == -1);
  CHECK(r(0, 0, 1) == 2);
  CHECK(r(0, 0, 2) == 24);
}

}  // namespace synfire::test
