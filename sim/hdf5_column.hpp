// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "sim/hdf5_file.hpp"

namespace synfire {

/// A dataset that grows by whole rows at its end.
///
/// Shapes  [rows] if width is 1 and `is_matrix` false, otherwise [rows][width].
/// Memory  none: rows go to the file as they are appended, so append many at once.
class Hdf5Column {
 public:
  struct Layout {
    Hdf5Type type = Hdf5Type::int64;
    std::uint64_t width = 1;
    bool is_matrix = false;
    std::uint64_t chunk_rows = 8192;
  };

  /// Makes the dataset; throws IoError.
  Hdf5Column(Hdf5File& file, const std::string& dataset, const Layout& layout);
  ~Hdf5Column();
  Hdf5Column(Hdf5Column&&) noexcept;
  Hdf5Column& operator=(Hdf5Column&&) = delete;

  /// Appends values.size() / width rows of the column's own type; throws IoError.
  template <Hdf5Element T>
  void append(std::span<const T> values) {
    append_raw(hdf5_type_of<T>(), values.size(), values.data());
  }
  std::uint64_t rows() const { return rows_; }

 private:
  void append_raw(Hdf5Type type, std::uint64_t elements, const void* values);

  std::shared_ptr<detail::Hdf5FileState> file_;
  std::string name_;
  Layout layout_;
  std::int64_t dataset_ = -1;
  std::uint64_t rows_ = 0;
};

}  // namespace synfire
