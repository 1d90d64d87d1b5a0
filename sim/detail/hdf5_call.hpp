// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <hdf5.h>

#include "sim/hdf5_file.hpp"

namespace synfire::detail {

/// While it lives, this thread alone calls HDF5, and HDF5 prints nothing. Calls nest, also in the
/// child of a fork within one (where a recursive mutex would no longer know its owner).
class Hdf5Call {
 public:
  Hdf5Call();
  ~Hdf5Call();
  Hdf5Call(const Hdf5Call&) = delete;
  Hdf5Call& operator=(const Hdf5Call&) = delete;

 private:
  H5E_auto2_t printer_ = nullptr;
  void* printer_data_ = nullptr;
};

/// An HDF5 identifier, closed at the end of its scope.
class Hdf5Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Hdf5Handle(hid_t id, Close close) : id_(id), close_(close) {}
  ~Hdf5Handle() {
    if (id_ >= 0) close_(id_);
  }
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(other.release()), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&&) = delete;
  hid_t get() const { return id_; }
  hid_t release() {
    const hid_t id = id_;
    id_ = H5I_INVALID_HID;
    return id;
  }

 private:
  hid_t id_;
  Close close_;
};

struct Hdf5FileState {
  std::filesystem::path path;
  hid_t id = H5I_INVALID_HID;
  bool is_output = false;  ///< what fails in it is a WriteError
  ~Hdf5FileState();
};

/// The innermost reason on HDF5's error stack, in the operating system's words if it has them.
std::string hdf5_reason();

/// Throws IoError `path: place: fact (reason)`.
[[noreturn]] void fail_hdf5(const std::filesystem::path& path, const std::string& place,
                            const std::string& fact);

/// The same, but a WriteError if the file is being written.
[[noreturn]] void fail_hdf5(const Hdf5FileState& file, const std::string& place,
                            const std::string& fact);

/// Wraps an identifier or fails.
Hdf5Handle checked(hid_t id, Hdf5Handle::Close close, const Hdf5FileState& file,
                   const std::string& place, const std::string& fact);

inline void check(herr_t status, const Hdf5FileState& file, const std::string& place,
                  const std::string& fact) {
  if (status < 0) fail_hdf5(file, place, fact);
}

/// HDF5's type for memory; numeric types only.
hid_t memory_type(Hdf5Type type);
/// HDF5's type for files: little-endian on every machine; numeric types only.
hid_t file_type(Hdf5Type type);
/// Our name for a type found in a file. Enumerations count as the integers below them.
Hdf5Type classify(hid_t type);
/// True if every value of `stored` is a value of `wanted`.
bool fits(Hdf5Type stored, Hdf5Type wanted);

/// Extents of a dataspace; fails on a null dataspace and on sizes beyond 2^62 elements.
std::vector<std::uint64_t> extents_of(hid_t space, const Hdf5FileState& file,
                                      const std::string& place);

/// Fails for text with a zero byte, where a reader would cut it off.
void check_text(const std::string& text, const Hdf5FileState& file, const std::string& place);

/// Strings of a dataset or attribute, of fixed or variable length; `read` is H5Dread or H5Aread
/// into memory of the given type.
std::vector<std::string> read_string_block(
    hid_t type, hid_t space, std::size_t count,
    const std::function<herr_t(hid_t type, void* values)>& read, const Hdf5FileState& file,
    const std::string& place);

}  // namespace synfire::detail
