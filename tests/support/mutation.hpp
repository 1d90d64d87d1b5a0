// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace synfire::test {

std::string read_bytes(const std::filesystem::path& path);
void write_bytes(const std::filesystem::path& path, const std::string& bytes);

/// `bytes` damaged in a way that the seed decides: 1 to 32 bytes changed, a stretch zeroed, the end
/// cut off, or two stretches exchanged.
std::string damaged(std::string bytes, std::uint64_t seed);

}  // namespace synfire::test
