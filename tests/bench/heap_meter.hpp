// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace synfire::bench {

/// What `operator new` has handed out in this program; linking heap_meter.cpp replaces it.
/// C libraries (HDF5) allocate past it.
struct HeapUse {
  std::int64_t allocations = 0;  ///< since the start of the program
  std::int64_t live_bytes = 0;   ///< asked for in blocks that are not freed
  std::int64_t peak_bytes = 0;   ///< the most of it since reset_heap_peak
};

HeapUse heap_use();
/// The peak starts anew from what is live.
void reset_heap_peak();

}  // namespace synfire::bench
