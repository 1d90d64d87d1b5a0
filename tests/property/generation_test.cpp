// SPDX-License-Identifier: Apache-2.0
#include "models/generation.hpp"

#include <catch2/catch.hpp>

#include "models/chip_runner.hpp"
#include "models/spikedecoder/sequence_reference.hpp"
#include "models/text_encoding.hpp"
#include "tests/support/activity_probe.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/reference_runner.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

GeneratedText generate(const Model& model, std::span<const Token> prompt,
                       const GenerationOptions& options) {
  ReferenceRunner runner(model);
  return Generator(model.text, runner, options).run(prompt);
}

/// The same text by running the whole sequence anew for every token, re-ingesting by hand.
std::string naive(const RandomDecoder& decoder, std::vector<Token> context,
                  const GenerationOptions& options) {
  const TextInterface& text = decoder.model.text;
  const Sampler sampler(text.logit_scale, options.temperature, options.seed);
  std::string generated;
  for (std::uint32_t i = 0; i < options.tokens; ++i) {
    const auto logits =
        run_sequence(decoder.parameters, sequence_input_spikes(text, context)).logits.back();
    const std::vector<std::int32_t> narrow(logits.begin(), logits.end());
    const Token token = sampler.choose(narrow, i);
    generated += text.alphabet[token];
    context.push_back(token);
    if (context.size() > text.context) {
      context.erase(context.begin(), context.end() - text.context / 2);
    }
  }
  return generated;
}

}  // namespace

TEST_CASE("Generator: equals whole-sequence sampling, beyond the context too") {
  for (std::uint64_t i = 0; i < 6; ++i) {
    const std::uint64_t seed = base_seed() + i;
    CAPTURE(seed);
    const RandomDecoder decoder = random_decoder(seed);
    const DecoderArchitecture& architecture = decoder.parameters.architecture;
    const auto prompt = random_tokens(seed, architecture.vocabulary, 5);
    for (const double temperature : {0.0, 1.0}) {
      const GenerationOptions options{
          .tokens = 2 * architecture.context, .temperature = temperature, .seed = seed};
      const GeneratedText generated = generate(decoder.model, prompt, options);
      CHECK(generated.text == naive(decoder, prompt, options));
      CHECK(generated.reingestions > 0);
    }
  }
}

TEST_CASE("Generator: a chip writes what the reference writes, beyond the context too") {
  for (std::uint64_t i = 0; i < 4; ++i) {
    const std::uint64_t seed = base_seed() + i;
    CAPTURE(seed);
    const Model model = random_decoder(seed).model;
    const ChipDescription chip = random_chip(seed);
    const auto prompt = random_tokens(seed, model.text.alphabet.size(), 4);
    const GenerationOptions options{
        .tokens = model.text.context + 4, .temperature = 1.0, .seed = seed};
    SimulationOptions simulation_options;
    simulation_options.context = model.text.context;
    ActivityProbe probe;
    ChipSimulation simulation(model.network, chip, random_mapping(seed, model.network, chip),
                              simulation_options, probe);
    ChipRunner runner(simulation);
    const GeneratedText generated = Generator(model.text, runner, options).run(prompt);
    simulation.drain();
    CHECK(generated.text == generate(model, prompt, options).text);
    CHECK(generated.reingestions == 1);
    CHECK(probe.tokens.size() == generated.pushed_tokens);
  }
}

TEST_CASE("Generator: more tokens continue the same text") {
  const std::uint64_t seed = base_seed();
  const Model model = random_decoder(seed).model;
  const auto prompt = random_tokens(seed, model.text.alphabet.size(), 3);
  const auto text = [&](std::uint32_t tokens) {
    return generate(model, prompt, {.tokens = tokens, .temperature = 0.8, .seed = 5}).text;
  };
  CHECK(text(30).substr(0, 12) == text(12));
}

}  // namespace synfire::test
