// SPDX-License-Identifier: Apache-2.0
#include "sim/error.hpp"

#include <string>

#include <catch2/catch.hpp>

TEST_CASE("ConfigError: carries its key path and starts its message with it") {
  const synfire::ConfigError error("grid.width", "0 is not above 0; give at least 1");
  CHECK(error.key_path == "grid.width");
  CHECK(std::string(error.what()) == "grid.width: 0 is not above 0; give at least 1");
}
