// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/training/language_model.hpp"

namespace synfire::training {

/// Writes tensors and the number of steps done, beside `path` first, then renamed: a checkpoint is
/// whole or not there. `recipe` must be the same when training goes on.
///
/// Throws  IoError if it cannot be written.
void write_checkpoint(const std::filesystem::path& path, const std::string& recipe,
                      std::int64_t step, const std::vector<NamedTensor>& tensors);

/// Fills `tensors` (same names and shapes) and returns the number of steps done.
///
/// Throws  IoError for an unreadable file, ConfigError if it is of another recipe.
std::int64_t read_checkpoint(const std::filesystem::path& path, const std::string& recipe,
                             const std::vector<NamedTensor>& tensors);

}  // namespace synfire::training
