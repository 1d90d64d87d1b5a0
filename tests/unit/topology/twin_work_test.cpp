// SPDX-License-Identifier: Apache-2.0
#include "topology/twin_work.hpp"

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/random_decoder.hpp"
#include "topology/fan_in.hpp"

namespace synfire::test {
namespace {

/// Heads of 4 neurons each, T = 3.
Network attention_network(AttentionKind kind, std::uint32_t heads) {
  const std::uint32_t size = 4 * heads;
  std::vector<Population> populations(3);
  populations[0].name = "input";
  populations[0].model = NeuronModel::input;
  populations[1].name = "attention";
  populations[1].model = NeuronModel::attention;
  populations[1].threshold.assign(size, 1);
  populations[1].attention.kind = kind;
  populations[1].attention.heads = heads;
  if (kind == AttentionKind::leaky) {
    populations[1].attention.decay_shift.assign(heads, 5);
    populations[1].attention.fraction_bits = 6;
  }
  populations[2].name = "readout";
  populations[2].model = NeuronModel::readout;
  populations[2].bias.assign(size, 0);
  for (Population& population : populations) population.size = size;
  std::vector<Projection> projections;
  for (const Port port : {Port::query, Port::key, Port::value}) {
    projections.push_back({.source = PopulationId{0},
                           .target = PopulationId{1},
                           .port = port,
                           .connectivity = Connectivity::one_to_one});
  }
  projections.push_back({.source = PopulationId{1},
                         .target = PopulationId{2},
                         .weights = std::vector<std::int8_t>(std::size_t{size} * size, 1)});
  return {3, std::move(populations), std::move(projections)};
}

TwinWork attention_work(AttentionKind kind, TwinKind twin, AttentionRealisation realisation,
                        std::uint32_t position) {
  const Network network = attention_network(kind, 3);
  ChipDescription chip;
  chip.attention.realisation = realisation;
  const TwinRules rules(network, twin, chip, 100);
  return rules.work({PopulationId{1}, 4, 12, CoreId{0}}, position);  // two of the heads
}

std::int64_t functions_of(const Network& network, std::uint32_t position) {
  const TwinRules rules(network, TwinKind::artificial, {}, 100);
  std::int64_t sum = 0;
  for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
    const std::uint32_t size = network.populations()[p].size;
    sum += rules.work({PopulationId{p}, 0, size, CoreId{0}}, position).functions;
  }
  return sum;
}

}  // namespace

TEST_CASE("activation_bits: the least that count to T, or 8") {
  const std::vector<std::pair<std::uint32_t, std::int64_t>> expected = {
      {1, 1}, {2, 2}, {3, 2}, {4, 3}, {7, 3}, {8, 4}, {15, 4}, {16, 5}};
  for (const auto& [steps, bits] : expected) {
    CHECK(activation_bits(TwinKind::quantised, steps) == bits);
    CHECK(activation_bits(TwinKind::artificial, steps) == 8);
  }
}

TEST_CASE("TwinRules: quantised attention by score grows with the context, by state it does not") {
  for (const std::uint32_t position : {0U, 6U}) {
    const auto score = attention_work(AttentionKind::published, TwinKind::quantised,
                                      AttentionRealisation::score, position);
    CHECK(score.attention_products == 2 * (position + 1) * 8);
    CHECK(score.memory_bits == 2 * (2 * (position + 1) * 8 + 2 * 8));  // b = 2
    CHECK(score.functions == 0);
    const auto state = attention_work(AttentionKind::published, TwinKind::quantised,
                                      AttentionRealisation::state, position);
    CHECK(state.attention_products == 2 * 2 * 4 * 4);
    CHECK(state.decays == 0);
    CHECK(state.memory_bits == 10 * 3 * 2 * 4 * 4);  // counts to 100 x 3^2 = 900: 10 bits
  }
}

TEST_CASE("TwinRules: leaky attention decays its state, whatever the chip's realisation") {
  const auto work =
      attention_work(AttentionKind::leaky, TwinKind::quantised, AttentionRealisation::score, 9);
  CHECK(work.attention_products == 2 * 2 * 4 * 4);
  CHECK(work.decays == 2 * 4 * 4);
  CHECK(work.memory_bits == (5 + 6 + 1 + 4) * 5 * 2 * 4 * 4);  // 3^2 = 9 takes 4 bits more
}

TEST_CASE("TwinRules: artificial attention is a softmax over cached keys and values of 8 bits") {
  for (const AttentionKind kind : {AttentionKind::published, AttentionKind::leaky}) {
    const auto work = attention_work(kind, TwinKind::artificial, AttentionRealisation::state, 9);
    CHECK(work.attention_products == 2 * 10 * 8);
    CHECK(work.memory_bits == 8 * (2 * 10 * 8 + 2 * 8));
    CHECK(work.functions == 2 * (10 + 1));  // two heads
    CHECK(work.decays == 0);
    CHECK(work.accesses == 0);
    CHECK(work.updates == 8);
  }
}

TEST_CASE("TwinRules: a decoder's artificial twin has the functions of its architecture") {
  for (const NormalizationForm form : {NormalizationForm::folded, NormalizationForm::population}) {
    DecoderArchitecture architecture;
    architecture.time_steps = 2;
    architecture.blocks = 2;
    architecture.heads = 3;
    architecture.embedding = 12;
    architecture.hidden = 20;
    architecture.vocabulary = 9;
    architecture.context = 24;
    architecture.code_width = 8;
    architecture.normalization = form;
    const Network network = random_decoder(5, architecture).model.network;
    // A block normalises Q, K, V, O, the hidden layer and its output; the hidden layer has a GELU;
    // each head has an exp for every token so far and a reciprocal.
    const std::int64_t block = 5 * 12 + 2 * 20 + 3 * (4 + 1);
    CHECK(functions_of(network, 3) == 2 * block);
    ChipDescription tight;
    tight.neurocore.neurons = 100;
    tight.neurocore.axons_in = 11;
    tight.neurocore.synapse_memory_bits = 10'000;
    const Network split = split_fan_in(network, tight);
    CHECK(split.find("block0.attention.query.partial1").has_value() ==
          (form == NormalizationForm::folded));
    CHECK(functions_of(split, 3) == 2 * block);
  }
}

TEST_CASE("TwinRules: normalization populations multiply in the quantised twin alone") {
  DecoderArchitecture architecture;
  architecture.embedding = 8;
  architecture.hidden = 8;
  architecture.vocabulary = 9;
  architecture.context = 24;
  architecture.code_width = 8;
  architecture.normalization = NormalizationForm::population;
  const Network network = random_decoder(5, architecture).model.network;
  const PopulationId norm = *network.find("block0.mlp.hidden.norm");
  const PopulationSlice slice{norm, 2, 8, CoreId{0}};
  const TwinWork quantised = TwinRules(network, TwinKind::quantised, {}, 24).work(slice, 0);
  CHECK(quantised.multiplications == 6);
  CHECK(quantised.accesses == 6);
  CHECK(quantised.functions == 0);
  const TwinRules artificial(network, TwinKind::artificial, {}, 24);
  CHECK(artificial.work(slice, 0).multiplications == 0);
  CHECK(artificial.work(slice, 0).functions == 6);
  CHECK(artificial.value_bits(norm) == 32);
  CHECK(artificial.value_bits(*network.find("block0.mlp.hidden")) == 8);
  CHECK(artificial.value_bits(*network.find("residual0")) == 32);
  CHECK(artificial.value_bits(*network.find("readout")) == 32);
}

TEST_CASE("require_dense_numbers: a chip without them is refused, by the key that is missing") {
  CHECK_NOTHROW(require_dense_numbers(load_chip("loihi-like")));
  CHECK_NOTHROW(require_dense_numbers(ChipDescription{}));
  std::string yaml = to_yaml(load_chip("ideal"));
  const std::size_t begin = yaml.find("  function_evaluation:");
  yaml.erase(begin, yaml.find('\n', begin) - begin);
  try {
    require_dense_numbers(parse_chip(yaml, "mine.yaml"));
    FAIL("is accepted");
  } catch (const ConfigError& error) {
    CHECK(error.key_path == "energy.function_evaluation");
  }
  const std::vector<std::string> override = {"energy.function_evaluation=2 pJ"};
  CHECK_NOTHROW(require_dense_numbers(parse_chip(yaml, "mine.yaml", override)));
}

}  // namespace synfire::test
