// SPDX-License-Identifier: Apache-2.0
#include "models/real_model.hpp"

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/random_real_model.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace synfire;

TEST_CASE("read_real_model: a damaged file is read or refused, never more") {
  constexpr std::uint64_t rounds = 200;
  const test::TemporaryFolder folder;
  write_real_model(test::random_real_model(1), folder / "whole.h5");
  const std::string whole = test::read_bytes(folder / "whole.h5");
  std::uint64_t refused = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::uint64_t seed = test::base_seed() + round;
    INFO("SYNFIRE_SEED=" << seed << " (first round)");
    test::write_bytes(folder / "damaged.h5", test::damaged(whole, seed));
    try {
      read_real_model(folder / "damaged.h5");
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
