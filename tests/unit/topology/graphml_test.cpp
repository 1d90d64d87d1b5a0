// SPDX-License-Identifier: Apache-2.0
#include "topology/graphml.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/sample_topology.hpp"

namespace synfire::test {
namespace {

const std::string keys = R"(<graphml>
<key id="c" for="node" attr.name="cores" attr.type="int"/>
<key id="x" for="node" attr.name="x" attr.type="double"/>
<key id="y" for="node" attr.name="y" attr.type="long"/>
<key id="n" for="node" attr.name="label" attr.type="string"/>
<key id="k" for="edge" attr.name="kind" attr.type="string"/>
<key id="l" for="edge" attr.name="latency" attr.type="string"/>
<key id="b" for="edge" attr.name="bandwidth" attr.type="string"/>
)";

/// Line 9 opens an undirected graph; what is given follows on line 10.
std::string undirected(const std::string& content) {
  return keys + "<graph edgedefault=\"undirected\">\n" + content + "</graph></graphml>";
}

RouterGraph read(const std::string& text) {
  return parse_graphml(text, "sample.graphml", 2);
}

/// What the message says after `grid.graph: sample.graphml:`.
std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const ConfigError& error) {
    CHECK(error.key_path == "grid.graph");
    const std::string message = error.what();
    CHECK(message.find('\n') == std::string::npos);
    const std::string place = "grid.graph: sample.graphml:";
    REQUIRE_THAT(message, Catch::StartsWith(place));
    return message.substr(place.size());
  }
  return "";
}

const std::string two_nodes = "<node id=\"a\"/><node id=\"b\"/>\n";

}  // namespace

TEST_CASE("parse_graphml: nodes are routers, edges of an undirected graph are links each way") {
  const RouterGraph graph = read(undirected(R"(
    <node id="north"><data key="c">3</data><data key="x">4.0</data><data key="y">7</data>
      <data key="n">what ever</data></node>
    <node id="south"/>
    <node id="east"><data key="c">0</data></node>
    <edge source="south" target="north"><data key="k">board</data><data key="l"> 4.1 ns </data>
      <data key="b">unlimited</data></edge>
    <edge id="e" source="east" target="north"><data key="b">8 Gb/s</data></edge>
    )"));
  CHECK(graph.router_count() == 3);
  CHECK(graph.core_count() == 5);
  CHECK(graph.label(RouterId{0}) == "`north`");
  CHECK(graph.x_of(RouterId{0}) == 4);
  CHECK(graph.y_of(RouterId{0}) == 7);
  CHECK(graph.x_of(RouterId{1}) == 1);  // in a square of 2 x 2
  CHECK(graph.y_of(RouterId{2}) == 1);
  CHECK(graph.routers()[2].cores == 0);
  REQUIRE(graph.router_links().size() == 4);
  for (const auto& [from, to] : {std::pair{0, 1}, {1, 0}}) {
    const Link& link = graph.links()[index(graph.link_between(
        RouterId{static_cast<std::uint32_t>(from)}, RouterId{static_cast<std::uint32_t>(to)}))];
    CHECK(link.kind == LinkKind::board);
    CHECK(link.latency == Duration{4100});
    CHECK(link.megabits_per_second == 0);
  }
  const Link& link = graph.links()[index(graph.link_between(RouterId{0}, RouterId{2}))];
  CHECK(link.kind == LinkKind::horizontal);
  CHECK_FALSE(link.latency.has_value());
  CHECK(link.megabits_per_second == 8000);
}

TEST_CASE("parse_graphml: an edge of a directed graph is one link") {
  const RouterGraph graph = read(R"(<?xml version="1.0"?><!-- a <comment> -->
    <graphml xmlns="http://graphml.graphdrawing.org/xmlns"><desc>x &lt; y</desc>
    <graph id="G" edgedefault="directed"><edge source="a" target="b"/><edge source="b"
    target="c" directed="true"/><edge source='c' target='a'/>
    <node id="a"/><node id="b"/><node id="c"></node></graph></graphml>
    )");
  CHECK(graph.router_links().size() == 3);
  CHECK(graph.core_count() == 6);
  CHECK_THROWS_AS(graph.link_between(RouterId{1}, RouterId{0}), TopologyError);
}

TEST_CASE("parse_graphml: a default holds where an element says nothing itself") {
  const RouterGraph graph = read(R"(<graphml>
    <key id="c" for="node" attr.name="cores" attr.type="int"><default>5</default></key>
    <graph edgedefault="undirected"><node id="a"/><node id="b"><data key="c">1</data></node>
    <edge source="a" target="b"/></graph></graphml>)");
  CHECK(graph.routers()[0].cores == 5);
  CHECK(graph.routers()[1].cores == 1);
}

TEST_CASE("parse_graphml: what is wrong with an attribute is said with line, element and remedy") {
  const auto node = [](const std::string& data) {
    return refusal(undirected("<node id=\"n3\">" + data + "</node>"));
  };
  const auto edge = [](const std::string& data) {
    return refusal(
        undirected(two_nodes + "<edge id=\"e3\" source=\"a\" target=\"b\">" + data + "</edge>"));
  };
  CHECK(node("").empty());
  CHECK(edge("").empty());
  CHECK(node("<data key=\"c\">-1</data>") ==
        "10: node `n3`: cores: `-1` is no whole number from 0 to 1024");
  for (const char* cores : {"1.5", "nan", "inf", "1e9", "", "two", "1025", "0x1"}) {
    INFO(cores);
    CHECK_THAT(node("<data key=\"c\">" + std::string(cores) + "</data>"),
               Catch::Contains("is no whole number"));
  }
  CHECK_THAT(node("<data key=\"l\">1 ns</data>"),
             Catch::Contains("10: node `n3`: attribute `latency` is unknown") &&
                 Catch::Contains("give cores, x or y"));
  CHECK_THAT(node("<data key=\"zz\">1</data>"), Catch::Contains("<key> is missing"));
  CHECK_THAT(edge("<data key=\"k\">diagonal</data>"),
             Catch::StartsWith("11: edge `e3`: kind: `diagonal` is none of horizontal, vertical, "
                               "board"));
  CHECK_THAT(edge("<data key=\"l\">4.1</data>"),
             Catch::Contains("11: edge `e3`: latency: `4.1` has no unit; write it in ps, ns"));
  CHECK_THAT(edge("<data key=\"l\">4.1 parsec</data>"), Catch::Contains("is not a unit"));
  CHECK_THAT(edge("<data key=\"l\">0 ns</data>"), Catch::Contains("give 1 ps to 1 ms"));
  CHECK_THAT(edge("<data key=\"b\">0 Gb/s</data>"), Catch::Contains("write unlimited"));
  CHECK_THAT(edge("<data key=\"b\">-1 Gb/s</data>"), Catch::Contains("out of range"));
  CHECK_THAT(edge("<data key=\"l\">1 s</data>"), Catch::Contains("out of range"));
}

TEST_CASE("parse_graphml: attribute types must fit; mistyped names get a suggestion") {
  const auto typed = [](const std::string& name, const std::string& type) {
    return refusal("<graphml>\n<key id=\"c\" for=\"node\" attr.name=\"" + name + "\" attr.type=\"" +
                   type +
                   "\"/>\n<graph edgedefault=\"directed\">\n<node id=\"a\"><data "
                   "key=\"c\">1</data></node></graph></graphml>");
  };
  CHECK(typed("cores", "int").empty());
  CHECK(typed("description", "colour").empty());
  CHECK(typed("cores", "string") ==
        "4: node `a`: cores: attr.type `string` does not fit; set it to `int` in its <key>");
  CHECK_THAT(typed("cores", "quaternion"), Catch::Contains("`quaternion` does not fit"));
  CHECK_THAT(typed("cores", ""), Catch::Contains("does not fit"));
  CHECK_THAT(typed("core", "int"), Catch::Contains("did you mean `cores`?"));
}

TEST_CASE("parse_graphml: what makes no graph is refused with its line") {
  const auto edges = [](const std::string& text) { return refusal(undirected(two_nodes + text)); };
  const std::string ab = "<edge source=\"a\" target=\"b\"/>\n";
  CHECK_THAT(edges(ab + "<edge source=\"b\" target=\"a\"/>"),
             Catch::StartsWith("12: a second edge leads from `b` to `a`; remove one"));
  CHECK_THAT(edges(ab + "<edge source=\"a\" target=\"a\"/>"),
             Catch::Contains("12: an edge leads from `a` to `a` itself"));
  CHECK_THAT(edges(ab + "<edge source=\"a\" target=\"z\"/>"),
             Catch::Contains("12: an edge leads to `z`, which is no node"));
  CHECK_THAT(edges(ab + "<edge source=\"a\"/>"), Catch::Contains("<edge> has no target"));
  CHECK_THAT(edges(ab + "<node id=\"a\"/>"), Catch::Contains("12: node `a` stands twice"));
  CHECK_THAT(edges(ab + "<node/>"), Catch::Contains("<node> has no id"));
  CHECK_THAT(edges(ab + "<hyperedge/>"), Catch::Contains("<hyperedge> has no meaning in <graph>"));
  CHECK_THAT(edges(ab + "<node id=\"n\"/>\n<node id=\"z\"><data key=\"c\">0</data></node>"),
             Catch::StartsWith("12: node `a` cannot reach node `n`; add an edge"));
  CHECK_THAT(edges("<edge source=\"a\" target=\"b\" directed=\"true\"/>"),
             Catch::Contains("all edges must agree"));
  CHECK_THAT(refusal(undirected("<node id=\"a\"><data key=\"c\">0</data></node>")),
             Catch::Contains("no router has a neurocore"));
  CHECK_THAT(refusal(undirected("")), Catch::Contains("no router has a neurocore"));
  CHECK_THAT(refusal("<graphml/>"), Catch::Contains("holds no <graph>"));
  CHECK_THAT(refusal("<graphml><graph><node id=\"a\"/></graph></graphml>"),
             Catch::Contains("edgedefault"));
  CHECK_THAT(refusal(undirected("<node id=\"a\"><graph edgedefault=\"directed\"/></node>")),
             Catch::Contains("<graph> has no meaning in <node>"));
}

TEST_CASE("parse_graphml: a node that can be reached but not left is refused") {
  CHECK_THAT(refusal("<graphml><graph edgedefault=\"directed\">\n<node id=\"a\"/>\n<node "
                     "id=\"b\"/>\n<edge source=\"a\" target=\"b\"/></graph></graphml>"),
             Catch::StartsWith("3: node `b` cannot reach node `a`"));
}

TEST_CASE("parse_graphml: broken XML is refused with its line") {
  CHECK_THAT(refusal(""), Catch::Contains("1: holds no <graph>"));
  CHECK_THAT(refusal("graph { a -- b }"), Catch::Contains("1: holds words outside <data>"));
  CHECK_THAT(refusal("<graphml>\n<graph edgedefault=\"directed\">\n"),
             Catch::StartsWith("3: <graph> is not closed"));
  CHECK_THAT(refusal("<graphml>\n</graph>"), Catch::StartsWith("2: </graph> closes <graphml>"));
  CHECK_THAT(refusal("<graphml></graphml></graphml>"), Catch::Contains("closes nothing"));
  CHECK_THAT(refusal("<graphml></graphml><graphml/>"), Catch::Contains("second document"));
  CHECK_THAT(refusal("<graphml a=1/>"), Catch::Contains("has no value in quotes"));
  CHECK_THAT(refusal("<graphml a=\"1/>"), Catch::Contains("does not end"));
  CHECK_THAT(refusal("<graphml a=\"<\"/>"), Catch::Contains("does not end"));
  CHECK_THAT(refusal("<graphml a=\"1\" a=\"2\"/>"), Catch::Contains("stands twice"));
  CHECK_THAT(refusal("<graphml <graph/>"), Catch::Contains("no XML"));
  CHECK_THAT(refusal("<!-- "), Catch::Contains("a comment does not end"));
  CHECK_THAT(refusal("<"), Catch::Contains("middle of a tag"));
  CHECK_THAT(refusal(std::string("<graphml>\n\0</graphml>", 21)),
             Catch::StartsWith("2: holds a control character"));
}

}  // namespace synfire::test
