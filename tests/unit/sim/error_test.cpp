// SPDX-License-Identifier: Apache-2.0
#include "sim/error.hpp"

#include <string>

#include <catch2/catch.hpp>

TEST_CASE("ConfigError: carries its key path and starts its message with it") {
  const synfire::ConfigError error("grid.width", "0 is not above 0; give at least 1");
  CHECK(error.key_path == "grid.width");
  CHECK(std::string(error.what()) == "grid.width: 0 is not above 0; give at least 1");
}

TEST_CASE("TopologyError: names its router, or none if it is about the whole graph") {
  const synfire::TopologyError one(7, "is linked to itself; remove the link");
  CHECK(one.router == 7U);
  CHECK(std::string(one.what()) == "router 7: is linked to itself; remove the link");
  const synfire::TopologyError all("no router has a neurocore; give at least one");
  CHECK_FALSE(all.router.has_value());
  CHECK(std::string(all.what()) == "no router has a neurocore; give at least one");
}
