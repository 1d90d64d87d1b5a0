// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/heap_meter.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace synfire::bench {
namespace {

// operator new can reach nothing else.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<std::int64_t> allocations{0};
std::atomic<std::int64_t> live_bytes{0};
std::atomic<std::int64_t> peak_bytes{0};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

void* counted(void* block) {
  if (block == nullptr) throw std::bad_alloc();
  ++allocations;
  const auto size = static_cast<std::int64_t>(::malloc_usable_size(block));
  const std::int64_t live = live_bytes += size;
  std::int64_t peak = peak_bytes;
  while (live > peak && !peak_bytes.compare_exchange_weak(peak, live)) {
  }
  return block;
}

void release(void* block) {
  if (block == nullptr) return;
  live_bytes -= static_cast<std::int64_t>(::malloc_usable_size(block));
  std::free(block);
}

}  // namespace

HeapUse heap_use() {
  return {allocations, live_bytes, peak_bytes};
}

void reset_heap_peak() {
  peak_bytes = live_bytes.load();
}

}  // namespace synfire::bench

// The standard library's array, sized and nothrow forms call these.
void* operator new(std::size_t size) {
  return synfire::bench::counted(std::malloc(size == 0 ? 1 : size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  return synfire::bench::counted(std::aligned_alloc(step, (size + step - 1) / step * step));
}
void operator delete(void* block) noexcept {
  synfire::bench::release(block);
}
void operator delete(void* block, std::size_t /*size*/) noexcept {
  synfire::bench::release(block);
}
void operator delete(void* block, std::align_val_t /*alignment*/) noexcept {
  synfire::bench::release(block);
}
void operator delete(void* block, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  synfire::bench::release(block);
}
