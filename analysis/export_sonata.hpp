// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "analysis/recording.hpp"

namespace synfire {

/// Writes the spikes of a recording as a bare SONATA file: nothing but
/// `/spikes/POPULATION/{timestamps, node_ids}`, ascending in time, with the attributes that
/// SONATA's readers look for. The file gets its name when it is whole.
///
/// Units   timestamps: ms.
/// Source  SONATA developer guide, section Spikes, github.com/AllenInstitute/sonata.
/// Throws  IoError, WriteError as Hdf5File and PendingFile.
void export_sonata(const Recording& recording, const std::filesystem::path& output);

}  // namespace synfire
