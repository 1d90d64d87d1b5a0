// SPDX-License-Identifier: Apache-2.0
#include "analysis/layers.hpp"

#include <catch2/catch.hpp>

#include "tests/support/random_decoder.hpp"

namespace synfire {

TEST_CASE("Layers: an attention population belongs to the layer that bears its name") {
  const Network network = test::random_decoder(1).model.network;
  const std::vector<std::string> layers = layers_of(network);
  const auto layer = [&](const char* population) {
    return layers[index(network.find(population).value())];
  };
  CHECK(layer("block0.attention.query") == "block0.attention");
  CHECK(layer("block0.attention") == "block0.attention");
  CHECK(layer("block0.mlp.hidden") == "block0.mlp");
  CHECK(layer("residual0") == "residual0");
}

}  // namespace synfire
