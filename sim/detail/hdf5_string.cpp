// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/detail/hdf5_call.hpp"
#include "sim/error.hpp"

namespace synfire::detail {
namespace {

/// Far above any table of names, and small enough to allocate.
constexpr std::size_t max_string_bytes = std::size_t{1} << 28U;

std::string trimmed(std::string text, H5T_str_t padding) {
  if (padding == H5T_STR_NULLTERM) text.resize(std::min(text.find('\0'), text.size()));
  text.resize(text.find_last_not_of(padding == H5T_STR_SPACEPAD ? ' ' : '\0') + 1);
  return text;
}

using Read = std::function<herr_t(hid_t type, void* values)>;

std::vector<std::string> read_variable(hid_t type, hid_t space, std::size_t count, const Read& read,
                                       const Hdf5FileState& file, const std::string& place) {
  std::vector<char*> pointers(count, nullptr);
  check(read(type, pointers.data()), file, place, "cannot be read");
  std::vector<std::string> strings;
  for (const char* text : pointers) strings.emplace_back(text == nullptr ? "" : text);
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
  return strings;
}

std::vector<std::string> read_fixed(hid_t type, std::size_t count, const Read& read,
                                    const Hdf5FileState& file, const std::string& place) {
  const std::size_t length = H5Tget_size(type);
  const H5T_str_t padding = H5Tget_strpad(type);
  std::string block(length * count, '\0');
  if (count > 0) check(read(type, block.data()), file, place, "cannot be read");
  std::vector<std::string> strings;
  for (std::size_t i = 0; i < count; ++i) {
    strings.push_back(trimmed(block.substr(i * length, length), padding));
  }
  return strings;
}

}  // namespace

void check_text(const std::string& text, const Hdf5FileState& file, const std::string& place) {
  if (text.find('\0') == std::string::npos) return;
  throw IoError(file.path.string(), place + ": text with a zero byte cannot be stored; remove it");
}

std::vector<std::string> read_string_block(hid_t type, hid_t space, std::size_t count,
                                           const Read& read, const Hdf5FileState& file,
                                           const std::string& place) {
  const std::size_t length = H5Tget_size(type);
  if (length == 0 || count > max_string_bytes / length) {
    throw IoError(file.path.string(), place + ": claims more text than can be read");
  }
  if (H5Tis_variable_str(type) > 0) return read_variable(type, space, count, read, file, place);
  return read_fixed(type, count, read, file, place);
}

}  // namespace synfire::detail
