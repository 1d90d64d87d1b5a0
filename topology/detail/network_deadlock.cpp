// SPDX-License-Identifier: Apache-2.0
#include "topology/detail/network_deadlock.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace synfire {
namespace {

constexpr std::uint32_t none = 0xffffffffU;

std::string core_name(const RouterGraph& graph, std::uint32_t core) {
  return core == graph.core_count() ? "host" : "neurocore " + std::to_string(core);
}

/// Index of the neurocore at the outer end of an injection or ejection link; core count: the host.
std::uint32_t core_of(const RouterGraph& graph, LinkId link) {
  for (std::uint32_t core = 0; core < graph.core_count(); ++core) {
    if (graph.injection_link(CoreId{core}) == link || graph.ejection_link(CoreId{core}) == link) {
      return core;
    }
  }
  return graph.core_count();
}

std::string channel_name(const RouterGraph& graph, std::uint32_t virtual_channels,
                         std::uint32_t channel) {
  const LinkId id{channel / virtual_channels};
  const Link& link = graph.links()[index(id)];
  std::string name = "router " + std::to_string(index(link.from)) + " to ";
  if (link.kind == LinkKind::injection) {
    name = core_name(graph, core_of(graph, id)) + " to router " + std::to_string(index(link.to));
  } else if (link.kind == LinkKind::ejection) {
    name += core_name(graph, core_of(graph, id));
  } else {
    name += std::to_string(index(link.to));
  }
  return name + " channel " + std::to_string(channel % virtual_channels);
}

/// For every buffer a channel that it waits for and whose far end waits for ever in turn, else
/// none. What waits only for a channel that nothing holds up is taken away until nothing changes.
std::vector<std::uint32_t> waits_for_ever(std::size_t buffers, std::span<const ChannelWait> waits) {
  std::vector<std::uint32_t> next(buffers, none);
  for (const ChannelWait& wait : waits) next[wait.buffer] = wait.channel;
  const auto waiting = [&] {
    return std::ranges::count_if(next, [](auto c) { return c != none; });
  };
  for (std::ptrdiff_t before = -1; before != waiting();) {
    before = waiting();
    std::vector<std::uint32_t> kept(buffers, none);
    for (const ChannelWait& wait : waits) {
      if (next[wait.channel] != none) kept[wait.buffer] = wait.channel;
    }
    next.swap(kept);
  }
  return next;
}

}  // namespace

std::string describe_waits(const RouterGraph& graph, std::uint32_t virtual_channels,
                           std::span<const ChannelWait> waits) {
  const auto channels = static_cast<std::uint32_t>(graph.links().size()) * virtual_channels;
  const std::size_t buffers = channels + graph.core_count() + 1;
  const auto name = [&](std::uint32_t buffer) {
    return buffer < channels ? channel_name(graph, virtual_channels, buffer)
                             : "port of " + core_name(graph, buffer - channels);
  };
  const std::vector<std::uint32_t> next = waits_for_ever(buffers, waits);
  const auto held =
      std::ranges::find_if(next, [](std::uint32_t channel) { return channel != none; });
  std::string text;
  if (held != next.end()) {
    auto at = static_cast<std::uint32_t>(held - next.begin());
    for (std::size_t i = 0; i < buffers; ++i) at = next[at];  // surely on the cycle now
    std::vector<std::uint32_t> cycle = {at};
    for (at = next[at]; at != cycle.front(); at = next[at]) cycle.push_back(at);
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
    text = "packets wait in a cycle of channels: ";
    for (const std::uint32_t channel : cycle) text += name(channel) + " waits for ";
    return text + name(cycle.front());
  }
  constexpr std::string_view separator = "; ";
  for (const ChannelWait& wait : waits) {
    if (std::ranges::any_of(waits, [&](const auto& w) { return w.buffer == wait.channel; }))
      continue;
    text += text.empty() ? "" : separator;
    text += name(wait.buffer) + " waits for a place behind " + name(wait.channel);
  }
  return text;
}

}  // namespace synfire
