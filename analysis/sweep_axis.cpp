// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_axis.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "analysis/sweep_keys.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::size_t most_values = 10'000;
constexpr std::string_view range_mark = "..";

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

class AxisReader {
 public:
  AxisReader(const WrittenValue& written, const std::string& key_path) : written_(written) {
    axis_.parameter = &find_chip_parameter(key_path, written);
    info_ = *axis_.parameter;
    info_.key_path = written.key_path;
  }

  SweepAxis read() {
    const std::string_view text = written_.value;
    const std::size_t mark = text.find(range_mark);
    if (mark == std::string_view::npos) {
      read_list(text);
    } else {
      read_range(text.substr(0, mark), text.substr(mark + range_mark.size()));
    }
    return std::move(axis_);
  }

 private:
  [[noreturn]] void refuse(const std::string& fact) const {
    throw ConfigError(written_.place, written_.key_path, fact);
  }
  std::string shown(std::int64_t value) const { return format_value(*info_.quantity, value); }
  std::int64_t value(std::string_view text) const {
    return parse_value(info_, trimmed(text), written_.place, CountRule::may_omit_unit);
  }

  void add(std::int64_t value) {
    if (std::ranges::find(axis_.values, value) != axis_.values.end()) {
      refuse(shown(value) + " stands twice; remove one");
    }
    if (axis_.values.size() == most_values) refuse("has more than 10000 values; take fewer");
    axis_.values.push_back(value);
  }

  void read_list(std::string_view text) {
    for (std::size_t comma = 0; comma != std::string_view::npos;) {
      comma = text.find(',');
      add(value(text.substr(0, comma)));
      if (comma != std::string_view::npos) text.remove_prefix(comma + 1);
    }
  }

  void read_range(std::string_view low, std::string_view rest) {
    if (!info_.quantity->choices.empty()) {
      refuse("is a choice and has no range; list its words, separated by commas");
    }
    std::string_view high = rest;
    std::string_view by;
    bool is_factor = false;
    for (const std::string_view word : {" step ", " times "}) {
      const std::size_t at = rest.find(word);
      if (at == std::string_view::npos) continue;
      high = rest.substr(0, at);
      by = trimmed(rest.substr(at + word.size()));
      is_factor = word == " times ";
    }
    if (by.empty() && trimmed(rest).ends_with(" log")) {
      axis_.is_logarithmic = true;
      high = trimmed(rest);
      high.remove_suffix(std::string_view(" log").size());
    }
    axis_.low = value(low);
    axis_.high = value(high);
    check_range();
    if (!by.empty()) is_factor ? multiply_by(by) : step_by(by);
  }

  void check_range() const {
    if (axis_.low > axis_.high) {
      refuse("is an empty range: " + shown(axis_.low) + " is above " + shown(axis_.high) +
             "; exchange the two");
    }
    if (axis_.is_logarithmic && axis_.low <= 0) {
      refuse("a logarithmic range cannot start at " + shown(axis_.low) + "; raise it above 0");
    }
  }

  void step_by(std::string_view text) {
    ParameterInfo step = info_;
    step.minimum = 1;
    const std::int64_t by = parse_value(step, text, written_.place, CountRule::may_omit_unit);
    for (std::int64_t at = axis_.low; at <= axis_.high - by; at += by) add(at);
    add(axis_.low + (axis_.high - axis_.low) / by * by);
  }

  void multiply_by(std::string_view text) {
    const bool is_number =
        text.size() <= 3 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    const std::int64_t by = is_number ? std::stoll(std::string(text)) : 0;
    if (by < 2)
      refuse("`" + std::string(text) + "` is no factor; give a whole number from 2 to 999");
    if (axis_.low < 1)
      refuse("cannot be multiplied up from " + shown(axis_.low) + "; start above 0");
    for (std::int64_t at = axis_.low; at <= axis_.high; at *= by) {
      add(at);
      if (at > axis_.high / by) break;
    }
  }

  const WrittenValue& written_;
  SweepAxis axis_;
  ParameterInfo info_;  ///< the parameter's, under the key path of the sweep file
};

}  // namespace

std::int64_t SweepAxis::at(double place) const {
  if (is_listed()) {
    const auto count = static_cast<double>(values.size());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(place * count))];
  }
  if (!is_logarithmic) {
    const double width = static_cast<double>(high - low) + 1;
    return std::min(high, low + static_cast<std::int64_t>(place * width));
  }
  const double bottom = std::log(static_cast<double>(low));
  const double top = std::log(static_cast<double>(high));
  return std::clamp(std::llround(std::exp(bottom + place * (top - bottom))),
                    static_cast<long long>(low), static_cast<long long>(high));
}

SweepAxis parse_axis(const WrittenValue& written, const std::string& key_path) {
  return AxisReader(written, key_path).read();
}

}  // namespace synfire
