// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace synfire::detail {

struct GraphmlNode {
  std::size_t line = 0;
  std::string id;
};

struct GraphmlEdge {
  std::size_t line = 0;
  std::string id;          ///< empty if it has none
  std::size_t source = 0;  ///< index of a node
  std::size_t target = 0;
};

/// What a GraphML text holds and where: names and lines for messages about its attributes, whose
/// values Boost.Graph reads.
struct GraphmlOutline {
  bool is_directed = false;
  std::vector<GraphmlNode> nodes;  ///< in order of the text, as Boost.Graph numbers them
  std::vector<GraphmlEdge> edges;  ///< likewise
};

/// Checks a GraphML text tag by tag, so that a reader that trusts it cannot be led into depth
/// (nested elements), breadth (too many), other documents (document types) or guesses (ids that are
/// missing or stand twice).
///
/// Throws  ConfigError naming `grid.graph`.
GraphmlOutline outline_graphml(std::string_view text, const std::string& file);

/// In back quotes, cut if long, control characters as `?`: messages are one line.
std::string quoted_xml(std::string_view text);

}  // namespace synfire::detail
