// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "topology/graph.hpp"

namespace synfire {

/// The first packet of a buffer waits for a place behind a channel.
///
/// Channels are numbered link * virtual_channels + virtual channel; a router's input buffer has the
/// number of the channel that fills it, the port of neurocore c is number (channels + c).
struct ChannelWait {
  std::uint32_t buffer = 0;
  std::uint32_t channel = 0;
};

/// Who waits for whom, in one line: a cycle of channels if there is one (a deadlock), else the
/// buffers at the end of the chains, which nobody empties. Empty if nothing waits.
/// Source  Dally and Seitz 1987, "Deadlock-free message routing in multiprocessor interconnection
///         networks".
std::string describe_waits(const RouterGraph& graph, std::uint32_t virtual_channels,
                           std::span<const ChannelWait> waits);

}  // namespace synfire
