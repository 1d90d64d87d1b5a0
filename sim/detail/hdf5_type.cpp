// SPDX-License-Identifier: Apache-2.0
#include "sim/detail/hdf5_call.hpp"

namespace synfire {

std::string_view to_string(Hdf5Type type) {
  switch (type) {
    case Hdf5Type::int8:
      return "int8";
    case Hdf5Type::uint8:
      return "uint8";
    case Hdf5Type::int16:
      return "int16";
    case Hdf5Type::uint16:
      return "uint16";
    case Hdf5Type::int32:
      return "int32";
    case Hdf5Type::uint32:
      return "uint32";
    case Hdf5Type::int64:
      return "int64";
    case Hdf5Type::uint64:
      return "uint64";
    case Hdf5Type::float32:
      return "float32";
    case Hdf5Type::float64:
      return "float64";
    case Hdf5Type::string:
      return "string";
    case Hdf5Type::other:
      return "an unknown type";
  }
  return "an unknown type";
}

std::size_t size_of(Hdf5Type type) {
  switch (type) {
    case Hdf5Type::int8:
    case Hdf5Type::uint8:
      return 1;
    case Hdf5Type::int16:
    case Hdf5Type::uint16:
      return 2;
    case Hdf5Type::int32:
    case Hdf5Type::uint32:
    case Hdf5Type::float32:
      return 4;
    case Hdf5Type::int64:
    case Hdf5Type::uint64:
    case Hdf5Type::float64:
      return 8;
    case Hdf5Type::string:
    case Hdf5Type::other:
      return 0;
  }
  return 0;
}

bool is_integer(Hdf5Type type) {
  return type <= Hdf5Type::uint64;
}

namespace detail {
namespace {

bool is_signed(Hdf5Type type) {
  return type == Hdf5Type::int8 || type == Hdf5Type::int16 || type == Hdf5Type::int32 ||
         type == Hdf5Type::int64;
}

Hdf5Type classify_integer(hid_t type) {
  const bool negative = H5Tget_sign(type) == H5T_SGN_2;
  switch (H5Tget_size(type)) {
    case 1:
      return negative ? Hdf5Type::int8 : Hdf5Type::uint8;
    case 2:
      return negative ? Hdf5Type::int16 : Hdf5Type::uint16;
    case 4:
      return negative ? Hdf5Type::int32 : Hdf5Type::uint32;
    case 8:
      return negative ? Hdf5Type::int64 : Hdf5Type::uint64;
    default:
      return Hdf5Type::other;
  }
}

}  // namespace

hid_t memory_type(Hdf5Type type) {
  switch (type) {
    case Hdf5Type::int8:
      return H5T_NATIVE_INT8;
    case Hdf5Type::uint8:
      return H5T_NATIVE_UINT8;
    case Hdf5Type::int16:
      return H5T_NATIVE_INT16;
    case Hdf5Type::uint16:
      return H5T_NATIVE_UINT16;
    case Hdf5Type::int32:
      return H5T_NATIVE_INT32;
    case Hdf5Type::uint32:
      return H5T_NATIVE_UINT32;
    case Hdf5Type::int64:
      return H5T_NATIVE_INT64;
    case Hdf5Type::uint64:
      return H5T_NATIVE_UINT64;
    case Hdf5Type::float32:
      return H5T_NATIVE_FLOAT;
    case Hdf5Type::float64:
      return H5T_NATIVE_DOUBLE;
    case Hdf5Type::string:
    case Hdf5Type::other:
      return H5I_INVALID_HID;
  }
  return H5I_INVALID_HID;
}

hid_t file_type(Hdf5Type type) {
  switch (type) {
    case Hdf5Type::int8:
      return H5T_STD_I8LE;
    case Hdf5Type::uint8:
      return H5T_STD_U8LE;
    case Hdf5Type::int16:
      return H5T_STD_I16LE;
    case Hdf5Type::uint16:
      return H5T_STD_U16LE;
    case Hdf5Type::int32:
      return H5T_STD_I32LE;
    case Hdf5Type::uint32:
      return H5T_STD_U32LE;
    case Hdf5Type::int64:
      return H5T_STD_I64LE;
    case Hdf5Type::uint64:
      return H5T_STD_U64LE;
    case Hdf5Type::float32:
      return H5T_IEEE_F32LE;
    case Hdf5Type::float64:
      return H5T_IEEE_F64LE;
    case Hdf5Type::string:
    case Hdf5Type::other:
      return H5I_INVALID_HID;
  }
  return H5I_INVALID_HID;
}

Hdf5Type classify(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return classify_integer(type);
    case H5T_ENUM: {
      const Hdf5Handle base(H5Tget_super(type), H5Tclose);
      return base.get() < 0 ? Hdf5Type::other : classify_integer(base.get());
    }
    case H5T_FLOAT:
      if (H5Tget_size(type) == 4) return Hdf5Type::float32;
      return H5Tget_size(type) == 8 ? Hdf5Type::float64 : Hdf5Type::other;
    case H5T_STRING:
      return Hdf5Type::string;
    default:
      return Hdf5Type::other;
  }
}

bool fits(Hdf5Type stored, Hdf5Type wanted) {
  if (stored == wanted) return true;
  if (wanted == Hdf5Type::float64) return stored == Hdf5Type::float32;
  if (!is_integer(stored) || !is_integer(wanted)) return false;
  if (is_signed(stored) && !is_signed(wanted)) return false;
  return size_of(stored) < size_of(wanted);
}

}  // namespace detail
}  // namespace synfire
