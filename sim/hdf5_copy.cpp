// SPDX-License-Identifier: Apache-2.0
#include "sim/hdf5_copy.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t block_bytes = std::uint64_t{1} << 20U;

/// Calls `action` with a value of the element type named by `type`.
template <typename Action>
void with_element(Hdf5Type type, const Action& action) {
  switch (type) {
    case Hdf5Type::int8:
      return action(std::int8_t{});
    case Hdf5Type::uint8:
      return action(std::uint8_t{});
    case Hdf5Type::int16:
      return action(std::int16_t{});
    case Hdf5Type::uint16:
      return action(std::uint16_t{});
    case Hdf5Type::int32:
      return action(std::int32_t{});
    case Hdf5Type::uint32:
      return action(std::uint32_t{});
    case Hdf5Type::int64:
      return action(std::int64_t{});
    case Hdf5Type::uint64:
      return action(std::uint64_t{});
    case Hdf5Type::float32:
    case Hdf5Type::float64:
      return action(double{});
    case Hdf5Type::string:
    case Hdf5Type::other:
      return;
  }
}

void copy_attributes(const Hdf5File& from, const std::string& object, Hdf5File& to) {
  for (const std::string& name : from.attributes(object)) {
    const Hdf5Shape shape = from.attribute_shape(object, name);
    if (shape.type == Hdf5Type::string) {
      to.write_string_attribute(object, name, from.read_string_attribute(object, name));
      continue;
    }
    with_element(shape.type, [&]<Hdf5Element T>(T /*element*/) {
      const std::vector<T> values = from.read_attribute<T>(object, name);
      if (shape.extents.empty()) return to.write_attribute(object, name, values.front());
      to.write_attribute(object, name, std::span(values));
    });
  }
}

void copy_dataset(const Hdf5File& from, const std::string& dataset, Hdf5File& to) {
  const Hdf5Shape shape = from.shape(dataset);
  if (shape.type != Hdf5Type::string) return copy_rows(from, dataset, shape.rows(), to);
  if (shape.extents.empty()) {
    to.write_string(dataset, from.read_string(dataset));
  } else {
    to.write_strings(dataset, from.read_strings(dataset));
  }
  copy_attributes(from, dataset, to);
}

}  // namespace

void copy_rows(const Hdf5File& from, const std::string& dataset, std::uint64_t rows, Hdf5File& to) {
  Hdf5Shape shape = from.shape(dataset);
  if (rows > shape.rows()) {
    throw IoError(from.path().string(), dataset + ": has " + std::to_string(shape.rows()) +
                                            " rows where " + std::to_string(rows) +
                                            " are announced; the file is damaged");
  }
  if (!shape.extents.empty()) shape.extents.front() = rows;
  const std::uint64_t row_bytes =
      std::max<std::uint64_t>(shape.row_width() * size_of(shape.type), 1);
  const std::uint64_t block = std::max<std::uint64_t>(block_bytes / row_bytes, 1);
  with_element(shape.type, [&]<Hdf5Element T>(T /*element*/) {
    to.create_dataset(dataset, hdf5_type_of<T>(), shape.extents);
    for (std::uint64_t first = 0; first < rows; first += block) {
      const std::uint64_t count = std::min(block, rows - first);
      to.write_rows<T>(dataset, first, from.read_rows<T>(dataset, first, count));
    }
  });
  copy_attributes(from, dataset, to);
}

void copy_group(const Hdf5File& from, const std::string& group, Hdf5File& to) {
  to.create_group(group);
  copy_attributes(from, group, to);
  for (const std::string& name : from.children(group)) {
    const std::string object = group + "/" + name;
    if (from.is_group(object)) {
      copy_group(from, object, to);
    } else {
      copy_dataset(from, object, to);
    }
  }
}

}  // namespace synfire
