// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace synfire {

/// Type of the elements of a dataset or attribute as it lies in the file.
enum class Hdf5Type : std::uint8_t {
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  uint64,
  float32,
  float64,
  string,  ///< fixed or variable length
  other,   ///< compound, reference, ...: not read
};

std::string_view to_string(Hdf5Type type);
/// Size of a numeric element in bytes; 0 for strings and others.
std::size_t size_of(Hdf5Type type);
bool is_integer(Hdf5Type type);

/// Types that datasets are read into and written from.
template <typename T>
concept Hdf5Element = std::same_as<T, std::int8_t> || std::same_as<T, std::uint8_t> ||
    std::same_as<T, std::int16_t> || std::same_as<T, std::uint16_t> ||
    std::same_as<T, std::int32_t> || std::same_as<T, std::uint32_t> ||
    std::same_as<T, std::int64_t> || std::same_as<T, std::uint64_t> || std::same_as<T, double>;

template <Hdf5Element T>
constexpr Hdf5Type hdf5_type_of() {
  if constexpr (std::same_as<T, double>) return Hdf5Type::float64;
  if constexpr (std::same_as<T, std::int8_t>) return Hdf5Type::int8;
  if constexpr (std::same_as<T, std::uint8_t>) return Hdf5Type::uint8;
  if constexpr (std::same_as<T, std::int16_t>) return Hdf5Type::int16;
  if constexpr (std::same_as<T, std::uint16_t>) return Hdf5Type::uint16;
  if constexpr (std::same_as<T, std::int32_t>) return Hdf5Type::int32;
  if constexpr (std::same_as<T, std::uint32_t>) return Hdf5Type::uint32;
  if constexpr (std::same_as<T, std::int64_t>) return Hdf5Type::int64;
  return Hdf5Type::uint64;
}

/// Type and extents of a dataset; no extents: a scalar.
struct Hdf5Shape {
  Hdf5Type type = Hdf5Type::other;
  std::vector<std::uint64_t> extents;

  std::uint64_t rows() const { return extents.empty() ? 1 : extents.front(); }
  std::uint64_t row_width() const;  ///< elements per row
  std::uint64_t elements() const { return rows() * row_width(); }
};

namespace detail {
struct Hdf5FileState;
}  // namespace detail

/// What became of the process that wrote a file.
enum class Hdf5Writer : std::uint8_t {
  finished,  ///< it closed the file
  killed,    ///< it may have been killed while streaming
};

/// An HDF5 file. Objects are named by their path; intermediate groups are made as needed.
///
/// Everything throws IoError with the file, the object and HDF5's reason. Sizes that a file claims
/// are checked against what it stores before memory is taken.
/// Thread-safety  all calls of all files of the process are serialised.
class Hdf5File {
 public:
  /// Opens for reading, after inspect_hdf5_file has found the file sound.
  static Hdf5File open(const std::filesystem::path& path);
  /// Opens what a writer that was killed while streaming has left.
  static Hdf5File open_interrupted(const std::filesystem::path& path);
  /// As the two above without looking first; for inspect_hdf5_file itself.
  static Hdf5File open_uninspected(const std::filesystem::path& path, Hdf5Writer writer);
  /// Makes a new file in HDF5's earliest format, which every reader understands.
  static Hdf5File create(const std::filesystem::path& path);
  /// Makes a new file in the newest format, which start_streaming needs.
  static Hdf5File create_streaming(const std::filesystem::path& path);

  const std::filesystem::path& path() const;

  bool contains(const std::string& object) const;
  bool is_group(const std::string& object) const;
  /// Names in a group, ascending.
  std::vector<std::string> children(const std::string& group) const;
  void create_group(const std::string& group);

  Hdf5Shape shape(const std::string& dataset) const;
  bool is_chunked(const std::string& dataset) const;

  /// All elements of a dataset, row-major. The stored type must be T or a narrower one.
  template <Hdf5Element T>
  std::vector<T> read(const std::string& dataset) const {
    const Hdf5Shape stored = shape(dataset);
    std::vector<T> values(checked_elements(dataset, stored, 0, stored.rows()));
    read_block(dataset, hdf5_type_of<T>(), 0, stored.rows(), values.data());
    return values;
  }
  /// Rows [first, first + count) of a dataset.
  template <Hdf5Element T>
  std::vector<T> read_rows(const std::string& dataset, std::uint64_t first,
                           std::uint64_t count) const {
    std::vector<T> values(checked_elements(dataset, shape(dataset), first, count));
    read_block(dataset, hdf5_type_of<T>(), first, count, values.data());
    return values;
  }
  /// The one element of a dataset.
  template <Hdf5Element T>
  T read_scalar(const std::string& dataset) const {
    T value{};
    require_single(dataset);
    read_block(dataset, hdf5_type_of<T>(), 0, 1, &value);
    return value;
  }
  std::vector<std::string> read_strings(const std::string& dataset) const;
  std::string read_string(const std::string& dataset) const;

  /// Makes a contiguous dataset whose rows are written afterwards.
  void create_dataset(const std::string& dataset, Hdf5Type type,
                      std::span<const std::uint64_t> extents);
  /// The same in chunks packed by byte shuffle and deflate, unless it is too small to gain by it.
  void create_packed_dataset(const std::string& dataset, Hdf5Type type,
                             std::span<const std::uint64_t> extents);
  template <Hdf5Element T>
  void write_rows(const std::string& dataset, std::uint64_t first, std::span<const T> values) {
    write_block(dataset, hdf5_type_of<T>(), first, values.size(), values.data());
  }
  template <Hdf5Element T>
  void write(const std::string& dataset, const std::vector<std::uint64_t>& extents,
             std::span<const T> values) {
    create_dataset(dataset, hdf5_type_of<T>(), extents);
    write_rows(dataset, 0, values);
  }
  template <Hdf5Element T>
  void write(const std::string& dataset, const std::vector<T>& values) {
    write<T>(dataset, {values.size()}, values);
  }
  template <Hdf5Element T>
  void write_scalar(const std::string& dataset, T value) {
    write<T>(dataset, {}, std::span(&value, 1));
  }
  /// Fixed-length UTF-8, padded with zeros to the longest.
  void write_strings(const std::string& dataset, std::span<const std::string> values);
  void write_string(const std::string& dataset, const std::string& value);

  /// Names of the attributes of a group or dataset, ascending.
  std::vector<std::string> attributes(const std::string& object) const;
  bool has_attribute(const std::string& object, const std::string& name) const;
  Hdf5Shape attribute_shape(const std::string& object, const std::string& name) const;
  template <Hdf5Element T>
  std::vector<T> read_attribute(const std::string& object, const std::string& name) const {
    std::vector<T> values(attribute_elements(object, name));
    read_attribute_raw(object, name, hdf5_type_of<T>(), values.data());
    return values;
  }
  std::string read_string_attribute(const std::string& object, const std::string& name) const;
  template <Hdf5Element T>
  void write_attribute(const std::string& object, const std::string& name, T value) {
    write_attribute_raw(object, name, hdf5_type_of<T>(), {}, &value);
  }
  template <Hdf5Element T>
  void write_attribute(const std::string& object, const std::string& name,
                       std::span<const T> values) {
    write_attribute_raw(object, name, hdf5_type_of<T>(), {values.size()}, values.data());
  }
  /// Variable-length UTF-8 scalar, as SONATA readers want it.
  void write_string_attribute(const std::string& object, const std::string& name,
                              const std::string& value);
  /// A scalar of an enumeration over uint8.
  void write_enum_attribute(const std::string& object, const std::string& name,
                            std::span<const std::pair<std::string, std::uint8_t>> enumerators,
                            std::uint8_t value);

  /// From here on the file only grows at the end of its Hdf5Columns, and survives a kill at any
  /// moment up to its last flush (HDF5's single-writer multiple-reader mode).
  void start_streaming();
  void flush();
  /// Closes the file and every column of it; a destructor does the same but cannot report.
  void close();
  /// Leaves a streamed file as it is on disk, as a kill would: what to do when it cannot be written
  /// any more, because closing would declare its unwritten end valid. Keeps a descriptor open.
  void abandon();

 private:
  friend class Hdf5Column;
  explicit Hdf5File(std::shared_ptr<detail::Hdf5FileState> state);

  std::size_t checked_elements(const std::string& dataset, const Hdf5Shape& stored,
                               std::uint64_t first, std::uint64_t count) const;
  void require_single(const std::string& dataset) const;
  void read_block(const std::string& dataset, Hdf5Type type, std::uint64_t first,
                  std::uint64_t count, void* values) const;
  void write_block(const std::string& dataset, Hdf5Type type, std::uint64_t first,
                   std::uint64_t elements, const void* values);
  void write_string_dataset(const std::string& dataset, std::span<const std::uint64_t> extents,
                            std::span<const std::string> values);
  std::size_t attribute_elements(const std::string& object, const std::string& name) const;
  void read_attribute_raw(const std::string& object, const std::string& name, Hdf5Type type,
                          void* values) const;
  void write_attribute_raw(const std::string& object, const std::string& name, Hdf5Type type,
                           const std::vector<std::uint64_t>& extents, const void* values);

  std::shared_ptr<detail::Hdf5FileState> state_;
};

}  // namespace synfire
