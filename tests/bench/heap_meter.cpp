// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/heap_meter.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

namespace synfire::bench {
namespace {

// operator new can reach nothing else.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<std::int64_t> allocations{0};
std::atomic<std::int64_t> live_bytes{0};
std::atomic<std::int64_t> peak_bytes{0};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

constexpr std::size_t plain_alignment = alignof(std::max_align_t);

/// Blocks have their size in front of them, as far before as their alignment demands.
void* allocate(std::size_t size, std::size_t alignment) {
  const std::size_t whole = (size + 2 * alignment - 1) / alignment * alignment;
  auto* block = static_cast<std::byte*>(std::aligned_alloc(alignment, whole));
  if (block == nullptr) throw std::bad_alloc();
  block += alignment;
  std::memcpy(block - sizeof(size), &size, sizeof(size));
  ++allocations;
  const std::int64_t live = live_bytes += static_cast<std::int64_t>(size);
  std::int64_t peak = peak_bytes;
  while (live > peak && !peak_bytes.compare_exchange_weak(peak, live)) {
  }
  return block;
}

void release(void* block, std::size_t alignment) {
  if (block == nullptr) return;
  auto* begin = static_cast<std::byte*>(block);
  std::size_t size = 0;
  std::memcpy(&size, begin - sizeof(size), sizeof(size));
  live_bytes -= static_cast<std::int64_t>(size);
  std::free(begin - alignment);
}

}  // namespace

HeapUse heap_use() {
  return {allocations, live_bytes, peak_bytes};
}

void reset_heap_peak() {
  peak_bytes = live_bytes.load();
}

}  // namespace synfire::bench

// The standard library's array and nothrow forms call these.
void* operator new(std::size_t size) {
  return synfire::bench::allocate(size, synfire::bench::plain_alignment);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return synfire::bench::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept {
  synfire::bench::release(block, synfire::bench::plain_alignment);
}
void operator delete(void* block, std::size_t /*size*/) noexcept {
  synfire::bench::release(block, synfire::bench::plain_alignment);
}
void operator delete(void* block, std::align_val_t alignment) noexcept {
  synfire::bench::release(block, static_cast<std::size_t>(alignment));
}
void operator delete(void* block, std::size_t /*size*/, std::align_val_t alignment) noexcept {
  synfire::bench::release(block, static_cast<std::size_t>(alignment));
}
