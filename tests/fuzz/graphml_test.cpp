// SPDX-License-Identifier: Apache-2.0
#include "topology/graphml.hpp"

#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/sample_topology.hpp"
#include "tests/support/seed.hpp"
#include "topology/topology_check.hpp"

namespace synfire::test {
namespace {

/// True if the text is a graph that can be routed; false if it is refused with one line.
bool is_graph(std::string graphml) {
  ChipDescription chip = graphml_chip(std::move(graphml));
  try {
    check_topology(chip);
    return true;
  } catch (const ConfigError& error) {
    const std::string message = error.what();
    REQUIRE_THAT(message, Catch::StartsWith("grid.graph: sample.graphml:"));
    REQUIRE(message.find_first_of("\n\r") == std::string::npos);
    REQUIRE(message.size() < 1000);
    return false;
  }
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string graph_of(const std::string& content) {
  return "<graphml><graph edgedefault=\"undirected\"><node id=\"a\"/>" + content +
         "</graph></graphml>";
}

constexpr std::string_view marks{"<>/\"'=&;!?-[] \n\t.:#x0", 22};  // a zero byte, too

}  // namespace

TEST_CASE("GraphML files of the corpus are each refused with one line") {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SYNFIRE_FUZZ_CORPUS "/graphml")) {
    INFO(entry.path());
    CHECK_FALSE(is_graph(read_bytes(entry.path())));
    ++files;
  }
  CHECK(files >= 10);
}

TEST_CASE("GraphML texts too deep, too long or full of entities are refused") {
  CHECK(is_graph(graph_of("")));
  constexpr std::size_t many = 300'000;
  CHECK_FALSE(is_graph(repeated("<graphml>", many)));
  CHECK_FALSE(is_graph(graph_of(repeated("<node id=\"b\">", many))));
  CHECK_FALSE(is_graph(repeated("<graph edgedefault=\"directed\"><node id=\"x\">", many)));
  CHECK_FALSE(is_graph(graph_of(repeated("<desc>", many))));
  CHECK_FALSE(is_graph(graph_of("<data key=\"a\">" + repeated("<y:Node>", many))));
  CHECK_FALSE(is_graph("<graphml " + repeated("a", many) + "/>"));
  CHECK_FALSE(is_graph(graph_of("<node id=\"" + repeated("b", many) + "\"/>")));
  CHECK_FALSE(is_graph(repeated("<!--", many)));
  CHECK_FALSE(is_graph(repeated("<?", many)));
  CHECK_FALSE(is_graph(repeated("<graphml a=\"", many)));
  CHECK_FALSE(is_graph("<graphml a" + repeated("=", many)));
  // What looks closed to one reader must not be open to another.
  CHECK_FALSE(is_graph(repeated("<a\"> \"/>", many)));
  CHECK_FALSE(is_graph(graph_of(repeated("<desc ><!-- </desc> -->", many))));
  CHECK_FALSE(is_graph(graph_of(repeated("<desc a='/>'>", many))));
  CHECK_FALSE(is_graph(graph_of(repeated("<![CDATA[</desc>]]><desc>", many))));
}

TEST_CASE("GraphML entities are not expanded, and document types are refused") {
  std::string bomb = "<!DOCTYPE graphml [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY a" + std::to_string(i) + " \"" + before + before + "\">";
  }
  bomb += "]>";
  const std::string key =
      "<graphml><key id=\"n\" for=\"node\" attr.name=\"name\" "
      "attr.type=\"string\"/><graph edgedefault=\"directed\"><node id=\"a\">"
      "<data key=\"n\">&a59;</data></node></graph></graphml>";
  CHECK_FALSE(is_graph(bomb + key));
  CHECK(is_graph(key));
  CHECK_FALSE(is_graph("<!DOCTYPE graphml SYSTEM \"file:///etc/passwd\">" + key));
  CHECK_FALSE(is_graph(graph_of("<node id=\"&#97;\"/>")));  // an id `a` in disguise
}

TEST_CASE("GraphML texts with too many routers, elements or keys are refused") {
  std::string nodes;
  for (int i = 0; i < (1 << 20); ++i) nodes += "<node id=\"" + std::to_string(i) + "\"/>\n";
  CHECK_FALSE(is_graph(graph_of(nodes)));
  CHECK_FALSE(is_graph(graph_of(repeated("<desc a=\"\"/>", 1 << 22))));
  const std::string key =
      "<key id=\"k\" for=\"node\" attr.name=\"name\" attr.type=\"string\">"
      "<default>x</default></key>";
  CHECK_FALSE(is_graph("<graphml>" + repeated(key, 1000) +
                       "<graph edgedefault=\"directed\">"
                       "<node id=\"a\"/></graph></graphml>"));
  CHECK_FALSE(is_graph(std::string((std::size_t{64} << 20) + 1, ' ')));
}

TEST_CASE("Random graphs with random damage are graphs or are refused with one line") {
  constexpr std::uint64_t cases = 3000;
  int refused = 0;
  for (std::uint64_t i = 0; i < cases; ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("seed " << seed);
    const std::string text = random_graphml(seed % 97);
    REQUIRE(is_graph(text));
    if (!is_graph(i % 3 == 0 ? damaged(text, seed) : mutated(text, marks, seed))) ++refused;
  }
  CHECK(refused > static_cast<int>(cases / 2));
  CHECK(refused < static_cast<int>(cases));
}

}  // namespace synfire::test
