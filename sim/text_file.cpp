// SPDX-License-Identifier: Apache-2.0
#include "sim/text_file.hpp"

#include <fstream>
#include <sstream>
#include <utility>

#include "sim/error.hpp"

namespace synfire {

std::optional<std::string> file_text(const std::filesystem::path& file) {
  std::error_code problem;
  if (!std::filesystem::is_regular_file(file, problem)) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  if (stream.bad()) return std::nullopt;
  return std::move(text).str();
}

std::string read_text_file(const std::filesystem::path& file, const std::string& remedy) {
  std::optional<std::string> text = file_text(file);
  if (!text) throw IoError(file.string(), "cannot be read; " + remedy);
  return *std::move(text);
}

}  // namespace synfire
