// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace synfire {

/// A list that keeps its room when it is emptied: no allocation once the peak is reached. For what
/// is written anew again and again; elements are written in place.
template <typename T>
class GrowingList {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  void clear() { size_ = 0; }
  /// A new element behind the others, with whatever stood there before.
  T& push() {
    if (size_ == room_) grow();
    return places_[size_++];
  }
  T& operator[](std::size_t place) { return places_[place]; }
  std::span<const T> all() const { return {begin(), size_}; }
  const T* begin() const { return places_.data(); }
  const T* end() const { return places_.data() + size_; }

 private:
  [[gnu::noinline]] void grow() {  // so that `push` is small enough to be inlined
    room_ = room_ == 0 ? 4 : 2 * room_;
    places_.resize(room_);
  }

  std::vector<T> places_;
  std::size_t room_ = 0;
  std::size_t size_ = 0;
};

}  // namespace synfire
