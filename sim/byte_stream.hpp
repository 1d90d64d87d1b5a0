// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "sim/communicator.hpp"
#include "sim/error.hpp"

namespace synfire {

/// Values whose bytes alone say what they are.
template <typename T>
concept Plain = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>;

/// Puts values behind each other, to be read by a ByteReader of the same program.
class ByteWriter {
 public:
  template <Plain T>
  void put(const T& value) {
    put_bytes(&value, sizeof(T));
  }
  /// Their number, then the values.
  template <Plain T>
  void put(std::span<const T> values) {
    put(std::uint64_t{values.size()});
    put_bytes(values.data(), values.size_bytes());
  }
  template <Plain T>
  void put(const std::vector<T>& values) {
    put(std::span<const T>(values));
  }
  void put(const std::string& text) { put(std::span<const char>(text)); }

  const Bytes& bytes() const { return bytes_; }

 private:
  void put_bytes(const void* values, std::size_t size) {
    if (size == 0) return;
    const std::size_t end = bytes_.size();
    bytes_.resize(end + size);
    std::memcpy(bytes_.data() + end, values, size);
  }

  Bytes bytes_;
};

/// Takes out what a ByteWriter put in, in the same order. Throws Error for bytes that end too
/// early: ranks that run different programs.
class ByteReader {
 public:
  /// `bytes` outlive the reader.
  explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <Plain T>
  T take() {
    T value;
    take_bytes(&value, sizeof(T));
    return value;
  }
  template <Plain T>
  std::vector<T> take_all() {
    const auto count = take<std::uint64_t>();
    if (count > rest_.size() / sizeof(T)) refuse();
    std::vector<T> values(count);
    take_bytes(values.data(), count * sizeof(T));
    return values;
  }
  std::string take_text() {
    const std::vector<char> text = take_all<char>();
    return {text.begin(), text.end()};
  }
  bool is_empty() const { return rest_.empty(); }

 private:
  [[noreturn]] static void refuse() {
    throw Error("message of another rank: is too short; start the same synfire on all ranks");
  }
  void take_bytes(void* values, std::size_t size) {
    if (size > rest_.size()) refuse();
    if (size > 0) std::memcpy(values, rest_.data(), size);
    rest_ = rest_.subspan(size);
  }

  std::span<const std::byte> rest_;
};

}  // namespace synfire
