// SPDX-License-Identifier: Apache-2.0
#include "models/spikedecoder/architecture.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "models/spikedecoder/decoder_network.hpp"
#include "sim/error.hpp"
#include "tests/support/random_decoder.hpp"

namespace synfire::test {
namespace {

DecoderArchitecture one_block(NormalizationForm form) {
  DecoderArchitecture architecture;
  architecture.time_steps = 2;
  architecture.embedding = 8;
  architecture.heads = 2;
  architecture.hidden = 12;
  architecture.vocabulary = 10;
  architecture.context = 24;
  architecture.code_width = 12;
  architecture.normalization = form;
  return architecture;
}

std::vector<std::string> names(const Network& network) {
  std::vector<std::string> list;
  for (const Population& population : network.populations()) list.push_back(population.name);
  return list;
}

/// `source->target` of the projections into `target`, with the port where it is not current.
std::vector<std::string> inputs(const Network& network, std::string_view target) {
  std::vector<std::string> list;
  for (const ProjectionId id : network.incoming(*network.find(target))) {
    const Projection& projection = network.projection(id);
    list.push_back(network.population(projection.source).name + ":" +
                   std::string(to_string(projection.port)));
  }
  return list;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("Decoder: folded norms leave populations of the published block only") {
  const Network network = random_decoder(1, one_block(NormalizationForm::folded)).model.network;
  CHECK(names(network) ==
        Names{"embedding", "residual0", "block0.attention.input", "block0.attention.query",
              "block0.attention.key", "block0.attention.value", "block0.attention", "residual1",
              "block0.mlp.input", "block0.mlp.hidden", "residual2", "head.input", "readout"});
  CHECK(inputs(network, "residual1") == Names{"residual0:carry", "block0.attention:current"});
  CHECK(inputs(network, "residual2") == Names{"residual1:carry", "block0.mlp.hidden:current"});
  CHECK(inputs(network, "block0.attention") == Names{"block0.attention.query:query",
                                                     "block0.attention.key:key",
                                                     "block0.attention.value:value"});
  CHECK(inputs(network, "head.input") == Names{"residual2:current"});
}

TEST_CASE("Decoder: norm populations stand between a dense sum and its target") {
  const Network network = random_decoder(1, one_block(NormalizationForm::population)).model.network;
  for (const char* name : {"block0.attention.query", "block0.attention.key",
                           "block0.attention.value", "block0.mlp.hidden"}) {
    CHECK(inputs(network, name) == Names{std::string(name) + ".norm:current"});
  }
  CHECK(inputs(network, "residual1") == Names{"residual0:carry", "residual1.norm:carry"});
  CHECK(inputs(network, "residual1.norm") == Names{"block0.attention:current"});
  CHECK_FALSE(network.find("residual0.norm"));
  CHECK_FALSE(network.find("readout.norm"));
}

TEST_CASE("Decoder: without attention a block is its MLP, and residuals count blocks") {
  DecoderArchitecture architecture = one_block(NormalizationForm::folded);
  architecture.attention.reset();
  architecture.blocks = 2;
  const Network network = random_decoder(1, architecture).model.network;
  CHECK(names(network) == Names{"embedding", "residual0", "block0.mlp.input", "block0.mlp.hidden",
                                "residual1", "block1.mlp.input", "block1.mlp.hidden", "residual2",
                                "head.input", "readout"});
  CHECK(inputs(network, "residual2") == Names{"residual1:carry", "block1.mlp.hidden:current"});
  const auto text = describe(architecture);
  CHECK(text.at("attention") == "none");
  CHECK_FALSE(text.contains("heads"));
  architecture.normalization = NormalizationForm::population;
  CHECK(random_decoder(1, architecture).model.network.find("residual2.norm"));
}

TEST_CASE("Decoder: the readout has weights of its own for each step") {
  const Network network = random_decoder(1, one_block(NormalizationForm::folded)).model.network;
  const Projection& last = network.projections().back();
  CHECK(network.population(last.target).name == "readout");
  CHECK(last.per_time_step);
  CHECK(last.weights.size() == 2 * 8 * 10);
}

TEST_CASE("Decoder: an embedding without weights is one-to-one") {
  DecoderArchitecture architecture = one_block(NormalizationForm::folded);
  architecture.code_width = architecture.embedding;
  const Network network = random_decoder(1, architecture).model.network;
  CHECK(network.projections().front().connectivity == Connectivity::one_to_one);
}

TEST_CASE("Decoder: parameters of a wrong length are refused by name") {
  DecoderParameters parameters = random_decoder(1, one_block(NormalizationForm::folded)).parameters;
  parameters.blocks[0].mlp_hidden.lif.threshold.pop_back();
  try {
    build_decoder(parameters);
    FAIL("accepted 11 thresholds for 12 neurons");
  } catch (const ConfigError& error) {
    CHECK(error.key_path == "populations.block0.mlp.hidden.threshold");
  }
  parameters.blocks.clear();
  CHECK_THROWS_AS(build_decoder(parameters), ConfigError);
}

TEST_CASE("Decoder: its description names the kind of attention and the norm") {
  const auto text = describe(one_block(NormalizationForm::population));
  CHECK(text.at("attention") == "published");
  CHECK(text.at("norm") == "population");
  CHECK(text.at("embedding") == "8");
}

}  // namespace synfire::test
