// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>

namespace synfire {

/// Writes a table as RFC 4180 has it, but with line feeds: a header, then rows of as many values.
/// Integers are exact; real numbers have the fewest digits that read back as the same number.
class CsvWriter {
 public:
  /// Keeps the reference. Column names end in their unit: `time_ps`, `energy_j`.
  CsvWriter(std::ostream& output, std::initializer_list<std::string_view> columns)
      : output_(output) {
    for (const std::string_view column : columns) put(column);
    end_row();
  }

  template <typename... Values>
  void row(const Values&... values) {
    (put(values), ...);
    end_row();
  }

 private:
  void put(std::string_view text);
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(const char* text) { put(std::string_view(text)); }
  void put(double value);
  void put(bool value) { put(value ? 1 : 0); }
  template <std::integral Value>
  void put(Value value) {
    separate();
    output_ << +value;
  }
  void separate();
  void end_row();

  std::ostream& output_;
  bool is_first_ = true;
};

}  // namespace synfire
