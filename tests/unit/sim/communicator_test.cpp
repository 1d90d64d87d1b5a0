// SPDX-License-Identifier: Apache-2.0
#include "sim/communicator.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>

#include "sim/byte_stream.hpp"
#include "tests/support/communicator_contract.hpp"
#include "tests/support/thread_ranks.hpp"

namespace synfire::test {

TEST_CASE("Communicator: threads as ranks keep the contract that MPI keeps") {
  for (const std::uint32_t size : {1U, 2U, 5U}) {
    std::vector<char> called(size, 0);
    run_ranks(size, [&](Communicator& ranks) {
      check_contract(ranks);
      called[ranks.rank()] = 1;
    });
    CHECK(called == std::vector<char>(size, 1));
  }
}

TEST_CASE("Communicator: a rank that throws ends the others that wait for it") {
  CHECK_THROWS_WITH(run_ranks(3,
                              [](Communicator& ranks) {
                                if (ranks.rank() == 1) throw std::runtime_error("one");
                                ranks.receive(1, 0);
                              }),
                    "one");
}

TEST_CASE("ByteReader: gives back what a ByteWriter was given, and refuses what ends too early") {
  ByteWriter writer;
  writer.put(std::uint8_t{3});
  writer.put(std::vector<double>{1.5, -2});
  writer.put(std::string("a whale"));
  writer.put(std::vector<std::int64_t>{});
  ByteReader reader(writer.bytes());
  CHECK(reader.take<std::uint8_t>() == 3);
  CHECK(reader.take_all<double>() == std::vector<double>{1.5, -2});
  CHECK(reader.take_text() == "a whale");
  CHECK(reader.take_all<std::int64_t>().empty());
  CHECK(reader.is_empty());
  CHECK_THROWS_AS(reader.take<char>(), Error);
  for (std::size_t size = 0; size < writer.bytes().size(); ++size) {
    ByteReader cut(std::span(writer.bytes()).first(size));
    CHECK_THROWS_AS((cut.take<std::uint8_t>(), cut.take_all<double>(), cut.take_text(),
                     cut.take_all<std::int64_t>()),
                    Error);
  }
}

}  // namespace synfire::test
