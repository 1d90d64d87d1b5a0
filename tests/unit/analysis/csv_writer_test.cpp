// SPDX-License-Identifier: Apache-2.0
#include "analysis/csv_writer.hpp"

#include <sstream>
#include <string>

#include <catch2/catch.hpp>

namespace synfire {

TEST_CASE("CsvWriter: integers and real numbers read back as they were") {
  std::ostringstream text;
  CsvWriter csv(text, {"a", "b", "c", "d"});
  csv.row(std::int64_t{-9007199254740993}, 0.1, 1e-18, std::uint8_t{200});
  csv.row(0, 3.0, 12345678.5, true);
  CHECK(text.str() == "a,b,c,d\n-9007199254740993,0.1,1e-18,200\n0,3,12345678.5,1\n");
}

TEST_CASE("CsvWriter: text that would break a row is quoted") {
  std::ostringstream text;
  CsvWriter csv(text, {"name"});
  csv.row("plain");
  csv.row(std::string("a,b"));
  csv.row("say \"hi\"");
  csv.row("two\nlines");
  CHECK(text.str() == "name\nplain\n\"a,b\"\n\"say \"\"hi\"\"\"\n\"two\nlines\"\n");
}

}  // namespace synfire
