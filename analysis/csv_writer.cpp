// SPDX-License-Identifier: Apache-2.0
#include "analysis/csv_writer.hpp"

#include <array>
#include <charconv>

namespace synfire {

void CsvWriter::separate() {
  if (!is_first_) output_ << ',';
  is_first_ = false;
}

void CsvWriter::end_row() {
  output_ << '\n';
  is_first_ = true;
}

void CsvWriter::put(std::string_view text) {
  separate();
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    output_ << text;
    return;
  }
  output_ << '"';
  for (const char character : text) {
    if (character == '"') output_ << '"';
    output_ << character;
  }
  output_ << '"';
}

void CsvWriter::put(double value) {
  separate();
  constexpr std::size_t longest = 32;
  std::array<char, longest> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + longest, value);
  output_ << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

}  // namespace synfire
