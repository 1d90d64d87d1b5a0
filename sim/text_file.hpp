// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace synfire {

/// The bytes of a file, or nothing if it cannot be read. Opens regular files alone: a pipe would
/// block for ever.
std::optional<std::string> file_text(const std::filesystem::path& file);

/// The same. Throws  IoError `file` with this remedy if it cannot be read.
std::string read_text_file(const std::filesystem::path& file,
                           const std::string& remedy = "check the path");

}  // namespace synfire
