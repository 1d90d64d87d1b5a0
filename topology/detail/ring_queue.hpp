// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "sim/error.hpp"

namespace synfire {

/// First in, first out, in one array that grows but never shrinks: no allocation once the peak is
/// reached.
template <typename T>
class RingQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  T& front() { return places_[first_]; }
  const T& front() const { return places_[first_]; }
  /// The element behind `position` others.
  const T& operator[](std::size_t position) const {
    return places_[(first_ + position) & last_place_];
  }
  void push(const T& element) { push() = element; }
  /// A new element behind the others, with whatever stood there before.
  T& push() {
    if (size_ > last_place_ || places_.empty()) grow();
    return places_[(first_ + size_++) & last_place_];
  }
  void pop() {
    SYNFIRE_ASSERT(size_ != 0, "pops an empty queue");
    first_ = (first_ + 1) & last_place_;
    --size_;
  }
  void clear() { size_ = 0; }

 private:
  void grow() {
    std::vector<T> places(places_.empty() ? 1 : 2 * places_.size());
    for (std::size_t i = 0; i < size_; ++i) places[i] = (*this)[i];
    places_.swap(places);
    last_place_ = places_.size() - 1;
    first_ = 0;
  }

  std::vector<T> places_;       ///< as many as a power of two
  std::size_t last_place_ = 0;  ///< of the array, as a mask
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace synfire
