// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace synfire::test {

std::string read_bytes(const std::filesystem::path& path);
void write_bytes(const std::filesystem::path& path, const std::string& bytes);

/// `bytes` damaged in a way that the seed decides: 1 to 32 bytes changed, a stretch zeroed, the end
/// cut off, or two stretches exchanged.
std::string damaged(std::string bytes, std::uint64_t seed);

/// `text` with 1 to 4 changes that the seed decides: a byte replaced by another or by one of the
/// `marks` that its language gives a meaning, a few bytes removed or doubled.
std::string mutated(std::string text, std::string_view marks, std::uint64_t seed);

}  // namespace synfire::test
