// SPDX-License-Identifier: Apache-2.0
#include "topology/graphml.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <exception>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/graph/graphml.hpp>

#include "sim/error.hpp"
#include "sim/params.hpp"
#include "sim/suggestion.hpp"
#include "topology/detail/graphml_outline.hpp"

namespace synfire {
namespace {

using detail::quoted_xml;

constexpr std::int64_t longest_latency = 1'000'000'000;  // ps: 1 ms, as a chip's links
constexpr std::int64_t fastest_link = 8'000'000'000;     // Mb/s, as a chip's links
constexpr std::int64_t most_cores_at_router = 1024;
constexpr std::int64_t farthest_place = std::int64_t{1} << 20;

constexpr std::array<std::string_view, 3> kind_names = {"horizontal", "vertical", "board"};
constexpr Quantity link_kind{"kind of link", {}, kind_names};

const std::vector<std::string> node_attributes = {"cores", "x", "y"};
const std::vector<std::string> edge_attributes = {"kind", "latency", "bandwidth"};
constexpr std::array<std::string_view, 3> remarks = {"name", "label", "description"};

struct AttributeTypes {
  std::string_view attribute;
  std::string_view types;
};

/// Types that an attribute may be declared with.
constexpr std::array<AttributeTypes, 6> attribute_types = {{{"cores", "int long"},
                                                            {"x", "int long float double"},
                                                            {"y", "int long float double"},
                                                            {"kind", "string"},
                                                            {"latency", "string"},
                                                            {"bandwidth", "string"}}};

struct GivenPlace {
  std::optional<std::uint32_t> x, y;
};

/// Takes what Boost.Graph reads; refuses what is not described in the header.
class GraphTaker : public boost::mutate_graph {
 public:
  GraphTaker(const detail::GraphmlOutline& outline, const std::string& file,
             std::uint32_t usual_cores)
      : outline_(outline), file_(file), usual_cores_(usual_cores) {}

  bool is_directed() const override { return outline_.is_directed; }

  boost::any do_add_vertex() override {
    const std::size_t node = routers_.size();
    if (node == outline_.nodes.size()) refuse("grid.graph", "holds more nodes than <node>");
    routers_.push_back({0, 0, usual_cores_, outline_.nodes[node].id});
    places_.emplace_back();
    return node;
  }

  std::pair<boost::any, bool> do_add_edge(boost::any, boost::any) override {
    const std::size_t edge = links_.size();
    if (edge == outline_.edges.size()) refuse("grid.graph", "holds more edges than <edge>");
    const auto& ends = outline_.edges[edge];
    links_.push_back({RouterId{static_cast<std::uint32_t>(ends.source)},
                      RouterId{static_cast<std::uint32_t>(ends.target)}, LinkKind::horizontal});
    return {edge, true};
  }

  void set_graph_property(const std::string&, const std::string&, const std::string&) override {}

  void set_vertex_property(const std::string& name, boost::any vertex, const std::string& value,
                           const std::string& type) override {
    const auto node = boost::any_cast<std::size_t>(vertex);
    const auto& [line, id] = outline_.nodes[node];
    const std::string place = file_ + ":" + std::to_string(line) + ": node " + quoted_xml(id);
    if (!is_known(name, type, node_attributes, place)) return;
    if (name == "cores") {
      routers_[node].cores = whole_number(place, name, value, most_cores_at_router);
    } else {
      places_[node].*(name == "x" ? &GivenPlace::x : &GivenPlace::y) =
          whole_number(place, name, value, farthest_place);
    }
  }

  void set_edge_property(const std::string& name, boost::any which, const std::string& value,
                         const std::string& type) override {
    const auto edge = boost::any_cast<std::size_t>(which);
    const std::string place = edge_place(edge);
    if (!is_known(name, type, edge_attributes, place)) return;
    if (name == "kind") {
      constexpr std::array<LinkKind, 3> kinds = {LinkKind::horizontal, LinkKind::vertical,
                                                 LinkKind::board};
      links_[edge].kind =
          kinds[static_cast<std::size_t>(parsed(place, {name, &link_kind, 0, 2, {}, ""}, value))];
    } else if (name == "latency") {
      links_[edge].latency =
          Duration{parsed(place, {name, &quantity::time, 1, longest_latency, {}, ""}, value)};
    } else {
      links_[edge].megabits_per_second =
          parsed(place, {name, &quantity::bandwidth, 0, fastest_link, {}, ""}, value);
    }
  }

  RouterGraph finish() {
    place_routers();
    if (!outline_.is_directed) add_opposite_links();
    RouterGraph graph(std::move(routers_), std::move(links_));
    if (const auto pair = graph.unreachable_pair()) {
      const RouterId apart = pair->first == host_router ? pair->second : pair->first;
      refuse(file_ + ":" + std::to_string(outline_.nodes[index(apart)].line),
             "node " + graph.label(pair->first) + " cannot reach node " +
                 graph.label(pair->second) + "; add an edge");
    }
    return graph;
  }

 private:
  [[noreturn]] static void refuse(const std::string& place, const std::string& fact) {
    throw ConfigError("grid.graph", place + ": " + fact);
  }

  std::string edge_place(std::size_t edge) const {
    const auto& [line, id, source, target] = outline_.edges[edge];
    return file_ + ":" + std::to_string(line) + ": edge " +
           (id.empty() ? quoted_xml(outline_.nodes[source].id) + " to " +
                             quoted_xml(outline_.nodes[target].id)
                       : quoted_xml(id));
  }

  /// False for an attribute without meaning to us.
  static bool is_known(const std::string& name, const std::string& type,
                       const std::vector<std::string>& known, const std::string& place) {
    if (std::ranges::find(remarks, name) != remarks.end()) return false;
    if (name.empty()) {
      refuse(place, "has data whose <key> is missing or has no attr.name; remove it");
    }
    if (std::ranges::find(known, name) == known.end()) {
      refuse(place, "attribute " + quoted_xml(name) + " is unknown" + suggestion(name, known) +
                        "; give " + known[0] + ", " + known[1] + " or " + known[2]);
    }
    const auto allowed =
        std::ranges::find(attribute_types, name, &AttributeTypes::attribute)->types;
    const std::string words = " " + std::string(allowed) + " ";
    if (type.empty() || words.find(" " + type + " ") == std::string::npos) {
      refuse(place, name + ": attr.type " + quoted_xml(type) + " does not fit; set it to `" +
                        std::string(allowed.substr(0, allowed.find(' '))) + "` in its <key>");
    }
    return true;
  }

  static std::int64_t parsed(const std::string& place, const ParameterInfo& parameter,
                             const std::string& value) {
    try {
      return parse_value(parameter, value, place);
    } catch (const ConfigError& error) {
      throw ConfigError("grid.graph", error.what());
    }
  }

  static std::uint32_t whole_number(const std::string& place, const std::string& name,
                                    const std::string& value, std::int64_t most) {
    double number = -1;
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool is_number = problem == std::errc{} && end == value.data() + value.size();
    if (!is_number || !(number >= 0) || number > static_cast<double>(most) ||
        number != std::floor(number)) {
      refuse(place, name + ": " + quoted_xml(value) + " is no whole number from 0 to " +
                        std::to_string(most));
    }
    return static_cast<std::uint32_t>(number);
  }

  /// Routers without a place stand row by row in a square.
  void place_routers() {
    std::size_t side = 1;
    while (side * side < routers_.size()) ++side;
    for (std::size_t i = 0; i < routers_.size(); ++i) {
      routers_[i].x = places_[i].x.value_or(static_cast<std::uint32_t>(i % side));
      routers_[i].y = places_[i].y.value_or(static_cast<std::uint32_t>(i / side));
    }
  }

  void add_opposite_links() {
    for (std::size_t i = 0, edges = links_.size(); i < edges; ++i) {
      Link link = links_[i];
      std::swap(link.from, link.to);
      links_.push_back(link);
    }
  }

  const detail::GraphmlOutline& outline_;
  const std::string& file_;
  std::uint32_t usual_cores_;
  std::vector<Router> routers_;
  std::vector<GivenPlace> places_;
  std::vector<Link> links_;
};

std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

}  // namespace

RouterGraph parse_graphml(const std::string& text, const std::string& file,
                          std::uint32_t usual_cores) {
  const detail::GraphmlOutline outline = detail::outline_graphml(text, file);
  GraphTaker taker(outline, file, usual_cores);
  try {
    std::istringstream stream(text);
    boost::read_graphml(stream, taker, 0);
    return taker.finish();
  } catch (const ConfigError&) {
    throw;
  } catch (const TopologyError& error) {
    throw ConfigError("grid.graph", file + ": " + error.what());
  } catch (const std::exception& problem) {
    throw ConfigError("grid.graph",
                      file + ": is no GraphML: " + one_line(problem.what()) + "; mend the file");
  }
}

}  // namespace synfire
