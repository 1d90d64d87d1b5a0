// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "analysis/injected_faults.hpp"
#include "sim/hdf5_file.hpp"

namespace synfire::detail {

/// Writes which parts failed to /synfire/faults, which exists.
void write_faults(Hdf5File& file, const InjectedFaults& faults);

/// Reads them back; nothing if the run had none. `sizes` are those of the populations.
/// Throws  IoError if columns are missing, differ in length, or name neurons that do not exist.
std::optional<InjectedFaults> read_faults(const Hdf5File& file,
                                          std::span<const std::uint32_t> sizes);

}  // namespace synfire::detail
