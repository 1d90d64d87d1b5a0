// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "sim/detail/hdf5_call.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"

namespace synfire {
namespace {

using detail::check;
using detail::checked;
using detail::Hdf5Call;
using detail::Hdf5FileState;
using detail::Hdf5Handle;

/// An attribute describes; data of this size belongs in a dataset.
constexpr std::uint64_t max_attribute_elements = std::uint64_t{1} << 20U;

std::string place_of(const std::string& object, const std::string& name) {
  return object + " attribute '" + name + "'";
}

Hdf5Handle open_object(const Hdf5FileState& file, const std::string& object) {
  return checked(H5Oopen(file.id, object.c_str(), H5P_DEFAULT), H5Oclose, file, object,
                 "is missing or damaged");
}

struct OpenAttribute {
  Hdf5Handle attribute;
  Hdf5Handle type;
  Hdf5Handle space;
};

OpenAttribute open_attribute(const Hdf5FileState& file, const std::string& object,
                             const std::string& name) {
  const std::string place = place_of(object, name);
  Hdf5Handle attribute =
      checked(H5Aopen_by_name(file.id, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
              H5Aclose, file, place, "is missing");
  Hdf5Handle type = checked(H5Aget_type(attribute.get()), H5Tclose, file, place, "has no type");
  Hdf5Handle space = checked(H5Aget_space(attribute.get()), H5Sclose, file, place, "has no shape");
  return {std::move(attribute), std::move(type), std::move(space)};
}

Hdf5Shape shape_of(const OpenAttribute& open, const Hdf5FileState& file, const std::string& place) {
  Hdf5Shape shape{detail::classify(open.type.get()),
                  detail::extents_of(open.space.get(), file, place)};
  if (shape.elements() > max_attribute_elements) {
    throw IoError(file.path.string(), place + ": is too large for an attribute");
  }
  return shape;
}

void write_attribute_value(const Hdf5FileState& file, const std::string& object,
                           const std::string& name, hid_t stored_type, hid_t type, hid_t space,
                           const void* values) {
  const std::string place = place_of(object, name);
  const Hdf5Handle target = open_object(file, object);
  const Hdf5Handle attribute =
      checked(H5Acreate2(target.get(), name.c_str(), stored_type, space, H5P_DEFAULT, H5P_DEFAULT),
              H5Aclose, file, place, "cannot be created");
  check(H5Awrite(attribute.get(), type, values), file, place, "cannot be written");
}

herr_t collect_name(hid_t /*object*/, const char* name, const H5A_info_t* /*info*/, void* data) {
  static_cast<std::vector<std::string>*>(data)->emplace_back(name);
  return 0;
}

}  // namespace

std::vector<std::string> Hdf5File::attributes(const std::string& object) const {
  const Hdf5Call call;
  const Hdf5Handle opened = open_object(*state_, object);
  std::vector<std::string> names;
  check(H5Aiterate2(opened.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collect_name, &names),
        *state_, object, "has unreadable attributes");
  std::ranges::sort(names);
  return names;
}

bool Hdf5File::has_attribute(const std::string& object, const std::string& name) const {
  const Hdf5Call call;
  return H5Aexists_by_name(state_->id, object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

Hdf5Shape Hdf5File::attribute_shape(const std::string& object, const std::string& name) const {
  const Hdf5Call call;
  return shape_of(open_attribute(*state_, object, name), *state_, place_of(object, name));
}

std::size_t Hdf5File::attribute_elements(const std::string& object, const std::string& name) const {
  return attribute_shape(object, name).elements();
}

void Hdf5File::read_attribute_raw(const std::string& object, const std::string& name, Hdf5Type type,
                                  void* values) const {
  const Hdf5Call call;
  const std::string place = place_of(object, name);
  const OpenAttribute open = open_attribute(*state_, object, name);
  const Hdf5Shape stored = shape_of(open, *state_, place);
  if (!detail::fits(stored.type, type)) {
    throw IoError(state_->path.string(), place + ": is " + std::string(to_string(stored.type)) +
                                             " where " + std::string(to_string(type)) +
                                             " is needed");
  }
  if (stored.elements() == 0) return;
  check(H5Aread(open.attribute.get(), detail::memory_type(type), values), *state_, place,
        "cannot be read");
}

std::string Hdf5File::read_string_attribute(const std::string& object,
                                            const std::string& name) const {
  const Hdf5Call call;
  const std::string place = place_of(object, name);
  const OpenAttribute open = open_attribute(*state_, object, name);
  const Hdf5Shape stored = shape_of(open, *state_, place);
  if (stored.type != Hdf5Type::string || stored.elements() != 1) {
    throw IoError(state_->path.string(), place + ": is not one text");
  }
  const auto read = [&](hid_t type, void* values) {
    return H5Aread(open.attribute.get(), type, values);
  };
  return detail::read_string_block(open.type.get(), open.space.get(), 1, read, *state_, place)
      .front();
}

void Hdf5File::write_attribute_raw(const std::string& object, const std::string& name,
                                   Hdf5Type type, const std::vector<std::uint64_t>& extents,
                                   const void* values) {
  const Hdf5Call call;
  const std::vector<hsize_t> dimensions(extents.begin(), extents.end());
  const Hdf5Handle space(dimensions.empty()
                             ? H5Screate(H5S_SCALAR)
                             : H5Screate_simple(int(dimensions.size()), dimensions.data(), nullptr),
                         H5Sclose);
  write_attribute_value(*state_, object, name, detail::file_type(type), detail::memory_type(type),
                        space.get(), values);
}

void Hdf5File::write_string_attribute(const std::string& object, const std::string& name,
                                      const std::string& value) {
  detail::check_text(value, *state_, place_of(object, name));
  const Hdf5Call call;
  const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const char* text = value.c_str();
  write_attribute_value(*state_, object, name, type.get(), type.get(), space.get(), &text);
}

void Hdf5File::write_enum_attribute(
    const std::string& object, const std::string& name,
    std::span<const std::pair<std::string, std::uint8_t>> enumerators, std::uint8_t value) {
  const Hdf5Call call;
  const Hdf5Handle type(H5Tenum_create(H5T_STD_U8LE), H5Tclose);
  for (const auto& [text, number] : enumerators) {
    check(H5Tenum_insert(type.get(), text.c_str(), &number), *state_, place_of(object, name),
          "has an unusable enumerator");
  }
  const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  write_attribute_value(*state_, object, name, type.get(), type.get(), space.get(), &value);
}

}  // namespace synfire
