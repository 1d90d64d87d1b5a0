// SPDX-License-Identifier: Apache-2.0
#include "models/training/export.hpp"

#include <limits>

#include "models/corpus.hpp"
#include "models/evaluation.hpp"
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
    const Model model = to_model(to_integers(decoder, form));
    CHECK(synfire::evaluate(model, text).bits_per_character == Approx(real).margin(0.1));
  }
}

TEST_CASE("a decoder without attention becomes a network without it, and says so") {
  const SpikingDecoder decoder(tiny_shape(Attention::none), Precision::float32, 1);
  for (const NormalizationForm form : {NormalizationForm::folded, NormalizationForm::population}) {
    const Model model = to_model(to_integers(decoder, form));
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
