// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "sim/hdf5_file.hpp"

namespace synfire {

/// Reads a whole HDF5 file (every attribute, string and chunk, the ends of contiguous data) in a
/// child process, because libhdf5 1.10 itself crashes or loops on one damaged file in fifty.
///
/// Throws  IoError if the file cannot be opened, is inconsistent, or the library fails on it.
void inspect_hdf5_file(const std::filesystem::path& path, Hdf5Writer writer);

}  // namespace synfire
