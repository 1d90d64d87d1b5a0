// SPDX-License-Identifier: Apache-2.0
// Every value of every switch becomes a model file that a chip runs as the integer reference does.
#include <atomic>

#include "models/corpus.hpp"
#include "models/evaluation.hpp"
#include "models/tokenizer.hpp"
#include "models/training/dense_export.hpp"
#include "models/training/export.hpp"
#include "models/training/trainer.hpp"
#include "tests/cli/command.hpp"
#include "tests/training/catch_beside_torch.hpp"

namespace synfire::training {
namespace {

constexpr std::int64_t tokens_of_context = 24;

DecoderShape tiny_shape() {
  DecoderShape shape;
  shape.context = tokens_of_context;
  shape.groups = 2;
  shape.width = 32;
  shape.hidden = 48;
  shape.blocks = 2;
  shape.steps = 2;
  shape.decay_shift = {1, 3};
  return shape;
}

Tokens some_text() {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "the whale, the white whale! call me " + std::string(1 + i % 3, 'a');
  }
  return Tokenizer(std::string(character_alphabet)).encode(clean_text(text));
}

/// A switch set to one of its values.
struct Switch {
  std::string name;
  void (*turn)(DecoderShape&);
};

void code(DecoderShape& shape, TokenCode token, PositionCode position) {
  shape.token_code = token;
  shape.position_code = position;
  shape.token_width = shape.position_width = 16;
  shape.decay_shift = {2};
  shape.learned_threshold = true;  // bits of 1 alone never reach the threshold of 1
}

const std::vector<Switch> switches = {
    {"degree 0", [](DecoderShape& s) { s.spike_degree = 0; }},
    {"degree 1", [](DecoderShape& s) { s.spike_degree = 1; }},
    {"degree 2", [](DecoderShape& s) { s.spike_degree = 2; }},
    {"degree 3", [](DecoderShape& s) { s.spike_degree = 3; }},
    {"degree 4, leaky, batch, ngram, residual 0, concatenate", [](DecoderShape&) {}},
    {"published", [](DecoderShape& s) { s.attention = Attention::published; }},
    {"no attention", [](DecoderShape& s) { s.attention = Attention::none; }},
    {"no attention, degree 0",
     [](DecoderShape& s) {
       s.attention = Attention::none;
       s.spike_degree = 0;
     }},
    {"fixed gain", [](DecoderShape& s) { s.learned_attention_gain = false; }},
    {"power", [](DecoderShape& s) { s.norm = Norm::power; }},
    {"layer", [](DecoderShape& s) { s.norm = Norm::layer; }},
    {"layer, linear bias, learned threshold, residual 2",
     [](DecoderShape& s) {
       s.norm = Norm::layer;
       s.linear_bias = s.learned_threshold = true;
       s.residual = ResidualForm::spiking;
     }},
    {"layer, degree 2",
     [](DecoderShape& s) {
       s.norm = Norm::layer;
       s.spike_degree = 2;
     }},
    {"linear bias", [](DecoderShape& s) { s.linear_bias = true; }},
    {"learned threshold", [](DecoderShape& s) { s.learned_threshold = true; }},
    {"residual 1", [](DecoderShape& s) { s.residual = ResidualForm::spiking_mlp; }},
    {"residual 2", [](DecoderShape& s) { s.residual = ResidualForm::spiking; }},
    {"residual first-block", [](DecoderShape& s) { s.residual = ResidualForm::first_block; }},
    {"average", [](DecoderShape& s) { s.head = HeadForm::average; }},
    {"average, degree 3",
     [](DecoderShape& s) {
       s.head = HeadForm::average;
       s.spike_degree = 3;
     }},
    {"accumulate", [](DecoderShape& s) { s.head = HeadForm::accumulate; }},
    {"final", [](DecoderShape& s) { s.head = HeadForm::final; }},
    {"one step", [](DecoderShape& s) { s.steps = 1; }},
    {"one-hot",
     [](DecoderShape& s) {
       code(s, TokenCode::one_hot, PositionCode::none);
       s.decay_shift.assign(tokens_of_context, 2);  // a state of one wide head fits no neurocore
     }},
    {"two-hot, linear", [](DecoderShape& s) { code(s, TokenCode::two_hot, PositionCode::linear); }},
    {"binary, binary", [](DecoderShape& s) { code(s, TokenCode::binary, PositionCode::binary); }},
    {"binary as published",
     [](DecoderShape& s) {
       code(s, TokenCode::binary, PositionCode::binary);
       s.padded_right = true;
     }},
    {"learned, static",
     [](DecoderShape& s) { code(s, TokenCode::learned, PositionCode::sinusoidal); }},
    {"learned, learned",
     [](DecoderShape& s) { code(s, TokenCode::learned, PositionCode::learned); }},
    {"learned, none", [](DecoderShape& s) { code(s, TokenCode::learned, PositionCode::none); }},
    {"summed",
     [](DecoderShape& s) {
       code(s, TokenCode::learned, PositionCode::sinusoidal);
       s.sums_positions = true;
     }},
    {"summed, degree 1",
     [](DecoderShape& s) {
       code(s, TokenCode::learned, PositionCode::learned);
       s.sums_positions = true;
       s.spike_degree = 1;
     }},
};

DecoderShape shape_with(const Switch& change) {
  DecoderShape shape = tiny_shape();
  change.turn(shape);
  if (shape.token_code != TokenCode::ngram) shape.width = code_widths(shape).stream;
  check(shape);
  return shape;
}

void lower_thresholds(LanguageModel& decoder) {
  const at::NoGradGuard no_gradient;
  for (NamedTensor& parameter : decoder.parameters()) {
    if (parameter.name.ends_with(".threshold")) parameter.value.fill_(0.4);
  }
}

template <class Decoder>
void train_a_little(Decoder& decoder, const Tokens& text) {
  TrainingSettings settings;
  settings.steps = 40;
  settings.batch = 4;
  settings.context = tokens_of_context;
  settings.learning_rate = 1e-2;
  const WindowSampler sampler({text}, settings.context, 1);
  const std::atomic<bool> stop{false};
  train(decoder, sampler, text, settings, "tiny", false, stop, [](const Progress&) {});
}

/// What a trained decoder of the shape comes to.
struct Exported {
  double real_bits = 0.0;
  Model model;
};

template <class Decoder, class Export>
Exported exported(const DecoderShape& shape, const Export& to_integers) {
  Decoder decoder(shape, Precision::float32, 2);
  lower_thresholds(decoder);
  const Tokens text = some_text();
  train_a_little(decoder, text);
  const double real = evaluate(decoder, text, shape.context, {}, 1000).bits_per_character;
  return {real, to_integers(decoder, calibrate(decoder, text, shape.context))};
}

Exported exported(const DecoderShape& shape) {
  if (shape.is_artificial()) {
    return exported<AnnDecoder>(shape, [](const AnnDecoder& d, const Ranges& ranges) {
      return to_model(d, std::string(character_alphabet), ranges);
    });
  }
  return exported<SpikingDecoder>(shape, [](const SpikingDecoder& d, const Ranges& ranges) {
    return to_model(d, NormalizationForm::folded, std::string(character_alphabet), ranges);
  });
}

TEST_CASE(
    "every value of every switch runs on a chip, and verifies, and predicts as real numbers") {
  const auto which = GENERATE(range(std::size_t{0}, std::size_t{32}));
  REQUIRE(switches.size() == 32);
  const Switch& change = switches[which];
  CAPTURE(change.name);
  const DecoderShape shape = shape_with(change);
  const Exported written = exported(shape);
  // Spikes of few neurons turn on roundings; numbers that are not spikes do not.
  const double margin = shape.is_artificial() ? 0.03 : 0.3;
  CHECK(synfire::evaluate(written.model, some_text()).bits_per_character ==
        Approx(written.real_bits).margin(margin));
  const test::Workspace workspace;
  const std::string model = workspace.file("model.h5");
  const std::string recording = workspace.file("run.h5");
  write_model(written.model, model);
  const test::Outcome run =
      workspace.synfire({"run", "--model", model, "--prompt", "the wh", "--tokens", "4", "--chip",
                         "loihi-like", "--out", recording, "--quiet"});
  INFO(run.error);
  REQUIRE(run.exit_code == 0);
  const test::Outcome verified =
      workspace.synfire({"verify", recording, "--model", model, "--quiet"});
  INFO(verified.error);
  CHECK(verified.exit_code == 0);
  CHECK(verified.out.find("identical: ") == 0);
}

}  // namespace
}  // namespace synfire::training
