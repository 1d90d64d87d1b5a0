// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/hdf5_file.hpp"

namespace synfire::detail {

/// Copies what a part holds safely (described groups, committed rows of every table) to the new
/// file `to`, and signs that.
void copy_part(const Hdf5File& part, Hdf5File& to, bool is_complete);

}  // namespace synfire::detail
