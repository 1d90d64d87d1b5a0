// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "sim/ids.hpp"

namespace synfire {

/// A virtual channel of a link: packets of one channel keep their order and have buffers of their
/// own at the far end of the link.
/// Source  Dally 1992, "Virtual-channel flow control".
struct Channel {
  LinkId link{};
  std::uint8_t virtual_channel = 0;
  auto operator<=>(const Channel&) const = default;
};

/// Channels from a neurocore to another: injection first, ejection last. Empty if they are the
/// same.
using Route = std::vector<Channel>;

}  // namespace synfire
