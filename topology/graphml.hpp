// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "topology/graph.hpp"

namespace synfire {

/// Routers and links of a GraphML text (read by Boost.Graph); `file` is for messages.
///
/// Nodes are routers in order of the file; their ids are the routers' names. Attributes:
///   cores  int: neurocores, 0 to 1024; `usual_cores` if not given
///   x, y   int, long, float or double, whole numbers: place in drawings; a square if not given
/// Edges of a directed graph (edgedefault) are links, those of an undirected one a link each way:
///   kind       string: horizontal (if not given), vertical or board
///   latency    string with unit, such as `4.1 ns`; of the kind of link if not given
///   bandwidth  string with unit, such as `8 Gb/s`, or `unlimited`; as latency
/// `name`, `label` and `description` may stand anywhere and mean nothing. Every router with
/// neurocores, and router 0 with the host, must be able to reach every other.
/// Throws  ConfigError naming `grid.graph`: one line with file, line, node or edge, fact and
///         remedy, for whatever is not as above.
/// Cost    of any text, hostile ones included: time in proportion to its length (with the logarithm
///         of the number of nodes), memory about 70 times its length; texts beyond 64 MiB, 2^22
///         elements and attributes, or 2^20 nodes are refused.
RouterGraph parse_graphml(const std::string& text, const std::string& file,
                          std::uint32_t usual_cores);

}  // namespace synfire
