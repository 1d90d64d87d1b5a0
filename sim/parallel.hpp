// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace synfire {

/// Calls body(0) .. body(count - 1) on at most `threads` threads (oneTBB), each index once and in
/// no particular order. With one thread everything runs in the caller, in order. The first
/// exception ends the loop and is thrown again here.
void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& body);

}  // namespace synfire
