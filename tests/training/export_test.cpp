// SPDX-License-Identifier: Apache-2.0
#include "models/training/export.hpp"

#include <limits>

#include "models/corpus.hpp"
#include "models/evaluation.hpp"
#include "models/text_encoding.hpp"
#include "models/tokenizer.hpp"
#include "models/training/trainer.hpp"
#include "tests/training/catch_beside_torch.hpp"

namespace synfire::training {
namespace {

DecoderShape tiny_shape(Attention attention) {
  DecoderShape shape;
  shape.attention = attention;
  shape.context = 32;
  shape.groups = 2;
  shape.width = 64;
  shape.hidden = 96;
  shape.blocks = 2;
  shape.decay_shift = {1, 2, 3, 5};
  return shape;
}

Tokens some_text() {
  std::string text;
  for (int i = 0; i < 60; ++i)
    text += "the whale, the white whale! call me " + std::string(1 + i % 3, 'a');
  return Tokenizer(std::string(character_alphabet)).encode(clean_text(text));
}

/// Trained a little, so that predictions are worth comparing.
double train_a_little(SpikingDecoder& decoder, const Tokens& text) {
  TrainingSettings settings;
  settings.steps = 60;
  settings.batch = 8;
  settings.context = decoder.shape().context;
  settings.learning_rate = 1e-2;
  const WindowSampler sampler({text}, settings.context, 1);
  const std::atomic<bool> stop{false};
  train(decoder, sampler, text, settings, "tiny", false, stop, [](const Progress&) {});
  Pass quantised;
  quantised.quantised = true;
  return evaluate(decoder, text, settings.context, quantised, 1000).bits_per_character;
}

TEST_CASE("the exported integers predict as well as the trained decoder, in both forms") {
  const Attention attention = GENERATE(Attention::leaky, Attention::published, Attention::none);
  const Norm norm = GENERATE(Norm::batch, Norm::power);
  DecoderShape shape = tiny_shape(attention);
  shape.norm = norm;
  SpikingDecoder decoder(shape, Precision::bfloat16, 2);
  const Tokens text = some_text();
  const double real = train_a_little(decoder, text);
  CHECK(real < 2.5);
  for (const NormalizationForm form : {NormalizationForm::folded, NormalizationForm::population}) {
    const Model model = to_model(decoder, form);
    CHECK(synfire::evaluate(model, text).bits_per_character == Approx(real).margin(0.1));
  }
}

/// Learned thresholds that a stream of spikes reaches from the first step on: 1, at which they
/// start, takes longer to learn away than a test has.
void lower_thresholds(SpikingDecoder& decoder) {
  const at::NoGradGuard no_gradient;
  for (NamedTensor& parameter : decoder.parameters()) {
    if (parameter.name.ends_with(".threshold")) parameter.value.fill_(0.4);
  }
}

/// A switch set to one of its values.
struct Switch {
  std::string name;
  void (*turn)(DecoderShape&);
};

TEST_CASE("every switch with an integer form predicts as well on the chip's integers") {
  const Switch change = GENERATE(values<Switch>({
      {"average", [](DecoderShape& s) { s.head = HeadForm::average; }},
      {"accumulate", [](DecoderShape& s) { s.head = HeadForm::accumulate; }},
      {"final", [](DecoderShape& s) { s.head = HeadForm::final; }},
      {"learned threshold", [](DecoderShape& s) { s.learned_threshold = true; }},
      {"residual 1",
       [](DecoderShape& s) {
         s.residual = ResidualForm::spiking_mlp;
         s.learned_threshold = true;
       }},
      {"residual 2",
       [](DecoderShape& s) {
         s.residual = ResidualForm::spiking;
         s.learned_threshold = true;
       }},
      {"residual first-block", [](DecoderShape& s) { s.residual = ResidualForm::first_block; }},
      {"fixed gain", [](DecoderShape& s) { s.learned_attention_gain = false; }},
      {"linear bias", [](DecoderShape& s) { s.linear_bias = true; }},
      {"one group", [](DecoderShape& s) { s.groups = 1; }},
      {"one step", [](DecoderShape& s) { s.steps = 1; }},
      {"two-hot, linear",
       [](DecoderShape& s) {
         s.token_code = TokenCode::two_hot;
         s.position_code = PositionCode::linear;
       }},
      {"binary, binary",
       [](DecoderShape& s) {
         s.token_code = TokenCode::binary;
         s.position_code = PositionCode::binary;
       }},
      {"binary as published",
       [](DecoderShape& s) {
         s.token_code = TokenCode::binary;
         s.position_code = PositionCode::binary;
         s.padded_right = true;
       }},
      {"learned, static",
       [](DecoderShape& s) {
         s.token_code = TokenCode::learned;
         s.position_code = PositionCode::sinusoidal;
       }},
      {"learned, learned",
       [](DecoderShape& s) {
         s.token_code = TokenCode::learned;
         s.position_code = PositionCode::learned;
       }},
  }));
  CAPTURE(change.name);
  DecoderShape shape = tiny_shape(Attention::leaky);
  change.turn(shape);
  if (shape.token_code != TokenCode::ngram) {
    shape.decay_shift = {2};
    shape.learned_threshold = true;  // bits of 1 alone never reach the threshold of 1
    shape.width = code_widths(shape).stream;
  }
  check(shape);
  SpikingDecoder decoder(shape, Precision::float32, 2);
  lower_thresholds(decoder);
  const Tokens text = some_text();
  const double real = train_a_little(decoder, text);
  CHECK(real < 3.5);
  const Model model = to_model(decoder, NormalizationForm::folded);
  // Codes leave few neurons in the stream, so that rounding shows more.
  const double margin = shape.token_code == TokenCode::ngram ? 0.1 : 0.2;
  CHECK(synfire::evaluate(model, text).bits_per_character == Approx(real).margin(margin));
}

TEST_CASE("a model file shows a decoder's code and position bits, token by token") {
  DecoderShape shape = tiny_shape(Attention::none);
  shape.token_code = GENERATE(TokenCode::two_hot, TokenCode::binary, TokenCode::learned);
  shape.position_code = GENERATE(PositionCode::none, PositionCode::linear, PositionCode::binary,
                                 PositionCode::sinusoidal, PositionCode::learned);
  shape.decay_shift = {1};
  shape.width = code_widths(shape).stream;
  const SpikingDecoder decoder(shape, Precision::float32, 5);
  const Model model = to_model(decoder, NormalizationForm::folded);
  Tokens text = some_text();
  text.resize(static_cast<std::size_t>(shape.context));
  const std::vector<std::int64_t> tokens(text.begin(), text.end());
  const at::Tensor bits =
      decoder.embedding().forward(at::tensor(tokens, at::kLong).view({1, -1}), false)[0];
  const auto spikes = sequence_input_spikes(model.text, text);
  REQUIRE(spikes.size() == tokens.size());
  for (std::size_t n = 0; n < spikes.size(); ++n) {
    std::vector<std::uint32_t> fired;
    for (std::int64_t i = 0; i < shape.width; ++i) {
      if (bits[static_cast<std::int64_t>(n)][i].item<float>() == 1.0F) {
        fired.push_back(static_cast<std::uint32_t>(i));
      }
    }
    CHECK(spikes[n] == fired);
  }
}

TEST_CASE("a decoder without attention becomes a network without it, and says so") {
  const SpikingDecoder decoder(tiny_shape(Attention::none), Precision::float32, 1);
  for (const NormalizationForm form : {NormalizationForm::folded, NormalizationForm::population}) {
    const Model model = to_model(decoder, form);
    CHECK(model.architecture.at("attention") == "none");
    for (const Population& population : model.network.populations()) {
      CHECK(population.model != NeuronModel::attention);
      CHECK(population.name.find("attention") == std::string::npos);
    }
    CHECK(model.network.find("block1.mlp.hidden"));
    CHECK(model.network.find("residual2"));
    CHECK_FALSE(model.network.find("residual3"));
  }
}

}  // namespace
}  // namespace synfire::training
