// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/error.hpp"

namespace synfire {

/// First in, first out, in one array that grows but never shrinks: no allocation once the peak is
/// reached. Popped elements stay until they are written over, so that what they own can be reused.
template <typename T>
class RingQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  T& front() { return places_[first_]; }
  const T& front() const { return places_[first_]; }
  T& back() { return (*this)[size_ - 1]; }
  /// The element behind `position` others.
  const T& operator[](std::size_t position) const {
    return places_[(first_ + position) & (room_ - 1)];
  }
  T& operator[](std::size_t position) { return places_[(first_ + position) & (room_ - 1)]; }
  bool contains(const T& element) const {
    for (std::size_t i = 0; i < size_; ++i) {
      if ((*this)[i] == element) return true;
    }
    return false;
  }
  void push(const T& element) { push() = element; }
  /// A new element behind the others, with whatever stood there before.
  T& push() {
    if (size_ == room_) grow();
    return places_[(first_ + size_++) & (room_ - 1)];
  }
  void pop() {
    SYNFIRE_ASSERT(size_ != 0, "pops an empty queue");
    first_ = (first_ + 1) & (room_ - 1);
    --size_;
  }

 private:
  [[gnu::noinline]] void grow() {  // so that `push` is small enough to be inlined
    std::vector<T> places(room_ == 0 ? 1 : std::size_t{2} * room_);
    for (std::size_t i = 0; i < size_; ++i) places[i] = std::move((*this)[i]);
    places_.swap(places);
    room_ = static_cast<std::uint32_t>(places_.size());
    first_ = 0;
  }

  std::vector<T> places_;
  std::uint32_t room_ = 0;  ///< of the array: a power of two, once it is there
  std::uint32_t first_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace synfire
