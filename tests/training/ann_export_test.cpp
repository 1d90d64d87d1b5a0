// SPDX-License-Identifier: Apache-2.0
#include "models/training/ann_export.hpp"

#include <bit>

#include "models/corpus.hpp"
#include "models/training/real_evaluation.hpp"
#include "models/training/trainer.hpp"
#include "tests/support/random_real_model.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/training/catch_beside_torch.hpp"

namespace synfire::training {
namespace {

DecoderShape tiny_shape(Attention attention) {
  DecoderShape shape;
  shape.spike_degree = 0;
  shape.attention = attention;
  shape.context = 24;
  shape.groups = 2;
  shape.width = 32;
  shape.hidden = 48;
  shape.blocks = 2;
  shape.decay_shift = {1, 2};
  return shape;
}

Tokens some_text() {
  Tokens text;
  for (unsigned i = 0; i < 400; ++i) text.push_back(static_cast<Token>((i * i + i / 7) % 29));
  return text;
}

RealModel through_file(const RealModel& model) {
  const test::TemporaryFolder folder;
  write_real_model(model, folder / "twin.h5");
  return read_real_model(folder / "twin.h5");
}

TEST_CASE("a twin's file names and shapes the tensors that training has, no more and no less") {
  const Attention attention = GENERATE(Attention::leaky, Attention::none);
  AnnDecoder decoder(tiny_shape(attention), Precision::float32, 1);
  const RealModel model = to_real_model(decoder);
  REQUIRE(model.tensors.size() == decoder.parameters().size());
  for (std::size_t i = 0; i < model.tensors.size(); ++i) {
    CHECK(model.tensors[i].name == decoder.parameters()[i].name);
    for (const float value : model.tensors[i].values) {
      REQUIRE((std::bit_cast<std::uint32_t>(value) & 0xFFFFU) == 0);
    }
  }
}

TEST_CASE("a twin read from its file gives the logits of the rounded one, bit by bit") {
  const Attention attention = GENERATE(Attention::leaky, Attention::none);
  AnnDecoder decoder(tiny_shape(attention), Precision::float32, 1);
  const RealModel written = to_real_model(decoder);
  AnnDecoder rounded = to_decoder(written);
  AnnDecoder read = to_decoder(through_file(written));
  const at::Tensor tokens = at::arange(0, 24, at::kLong).view({1, 24});
  CHECK(at::equal(rounded.logits(tokens, {}), read.logits(tokens, {})));
  const at::Tensor original = decoder.logits(tokens, {});
  CHECK(at::allclose(read.logits(tokens, {}), original, 0.0, 0.05));
}

TEST_CASE("a twin's file scores as the trainer scores its decoder") {
  const Attention attention = GENERATE(Attention::leaky, Attention::none);
  const Tokens text = some_text();
  AnnDecoder decoder(tiny_shape(attention), Precision::float32, 1);
  const RealModel model = through_file(to_real_model(decoder));
  AnnDecoder rounded = to_decoder(model);
  for (const std::uint32_t limit : {0U, 1U, 5U}) {
    Pass pass;
    pass.attention_window = limit;
    EvaluationOptions options;
    options.attention_limit = limit;
    const double expected = evaluate(rounded, text, 24, pass, 1000).bits_per_character;
    CHECK(evaluate_real(model, text, options).bits_per_character == Approx(expected).margin(1e-5));
  }
  CHECK(evaluate_real(model, text).characters == text.size() - 1);
}

TEST_CASE("a limit shows attention no more than it says") {
  const RealModel model = test::random_real_model(5);
  AnnDecoder decoder = to_decoder(model);
  const at::Tensor tokens = at::arange(0, 8, at::kLong).view({1, 8}) % 7;
  at::Tensor other = tokens.clone();
  other[0][0] = 6;
  const auto changed = [&](std::int64_t window) {
    Pass pass;
    pass.attention_window = window;
    return (decoder.logits(tokens, pass) - decoder.logits(other, pass)).abs().amax(2)[0] > 0;
  };
  CHECK(changed(0).all().item<bool>());
  // Two blocks that see two tokens each, the oldest of which shows the one before it.
  CHECK(changed(2)[3].item<bool>());
  CHECK_FALSE(changed(2).slice(0, 4).any().item<bool>());
}

}  // namespace
}  // namespace synfire::training
