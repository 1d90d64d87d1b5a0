// SPDX-License-Identifier: Apache-2.0
#include "models/model_file.hpp"

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/random_network.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace synfire;

namespace {

/// Damages the model's file again and again; what reading refuses is counted.
void damage(const Model& model) {
  constexpr std::uint64_t rounds = 300;
  const test::TemporaryFolder folder;
  write_model(model, folder / "whole.h5");
  const std::string whole = test::read_bytes(folder / "whole.h5");
  std::uint64_t refused = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::uint64_t seed = test::base_seed() + round;
    INFO("SYNFIRE_SEED=" << seed << " (first round)");
    test::write_bytes(folder / "damaged.h5", test::damaged(whole, seed));
    try {
      read_model(folder / "damaged.h5");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find("damaged.h5") != std::string::npos);
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
      ++refused;
    } catch (const std::exception& error) {
      FAIL("not an error of ours: " << error.what());
    }
  }
  CHECK(refused > rounds / 10);
}

}  // namespace

TEST_CASE("read_model: a damaged file is read or refused, never more") {
  DecoderArchitecture architecture;
  architecture.vocabulary = 3;
  architecture.context = 4;
  architecture.embedding = 4;
  architecture.heads = 2;
  architecture.hidden = 4;
  architecture.code_width = 4;
  damage(test::random_decoder(1, architecture).model);
}

TEST_CASE("read_model: a damaged file with a stimulus and delays is read or refused, too") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) damage(test::random_network(seed));
}
