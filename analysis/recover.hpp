// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace synfire {

/// Makes the recording `file` of the part that a killed run has left: all rows up to its last
/// flush, marked incomplete. The part stays.
///
/// Throws  IoError if `part` is no part, is damaged, or was killed before its first flush; or if
///         `file` cannot be written.
void recover_recording(const std::filesystem::path& part, const std::filesystem::path& file);

}  // namespace synfire
