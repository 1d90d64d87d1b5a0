// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sim/hdf5_file.hpp"

namespace synfire {

/// Copies a group with everything below it and its attributes (numbers and texts). The copy has
/// the format of `to`, whatever that of `from`; datasets become contiguous.
void copy_group(const Hdf5File& from, const std::string& group, Hdf5File& to);

/// Copies the first `rows` rows of a numeric dataset, in blocks of bounded memory, and its
/// attributes.
void copy_rows(const Hdf5File& from, const std::string& dataset, std::uint64_t rows, Hdf5File& to);

}  // namespace synfire
