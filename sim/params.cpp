// SPDX-License-Identifier: Apache-2.0
#include "sim/params.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "sim/error.hpp"
#include "sim/suggestion.hpp"

namespace synfire {
namespace {

/// mantissa * 10^-decimals, trailing zeros of the fraction dropped.
struct Decimal {
  std::int64_t mantissa = 0;
  int decimals = 0;
};

struct Split {
  std::string_view number;
  std::string_view unit;
};

/// In back quotes, cut if long, control characters as `?`: messages are one line.
std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string shown(text.substr(0, longest));
  std::ranges::replace_if(
      shown, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return "`" + shown + (text.size() > longest ? "...`" : "`");
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

Split split_number_and_unit(std::string_view text) {
  const auto in_number = [](char c) { return is_digit(c) || c == '.' || c == '-' || c == '+'; };
  const auto end = std::ranges::find_if_not(text, in_number);
  const auto length = static_cast<std::size_t>(end - text.begin());
  std::string_view unit = text.substr(length);
  unit.remove_prefix(std::min(unit.find_first_not_of(" \t"), unit.size()));
  return {text.substr(0, length), unit};
}

/// Nothing unless the text is `digits[.digits]` with an optional sign and at most 18 digits.
std::optional<Decimal> parse_decimal(std::string_view text) {
  constexpr int most_digits = 18;
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  std::string_view fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  std::string_view whole = text.substr(0, point);
  if (whole.empty() || (point != std::string_view::npos && fraction.empty())) return std::nullopt;
  if (!std::ranges::all_of(whole, is_digit) || !std::ranges::all_of(fraction, is_digit)) {
    return std::nullopt;
  }
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  while (whole.starts_with('0')) whole.remove_prefix(1);
  if (whole.size() + fraction.size() > most_digits) return std::nullopt;
  Decimal decimal{0, static_cast<int>(fraction.size())};
  for (const std::string_view digits : {whole, fraction}) {
    for (const char digit : digits) decimal.mantissa = decimal.mantissa * 10 + (digit - '0');
  }
  if (is_negative) decimal.mantissa = -decimal.mantissa;
  return decimal;
}

bool divide_one_of(std::int64_t& a, std::int64_t& b, std::int64_t prime) {
  std::int64_t& divisible = a % prime == 0 ? a : b;
  if (divisible % prime != 0) return false;
  divisible /= prime;
  return true;
}

enum class Exactness : std::uint8_t { exact, inexact, too_large };

/// value = decimal * factor.
Exactness multiply(Decimal decimal, std::int64_t factor, std::int64_t& value) {
  for (int i = 0; i < decimal.decimals; ++i) {
    if (!divide_one_of(factor, decimal.mantissa, 2) ||
        !divide_one_of(factor, decimal.mantissa, 5)) {
      return Exactness::inexact;
    }
  }
  const bool overflows = __builtin_mul_overflow(decimal.mantissa, factor, &value);
  return overflows ? Exactness::too_large : Exactness::exact;
}

bool is_plain_number(const Quantity& quantity) {
  return quantity.units.front().name.empty();
}

/// `in ps or ns`, or `as a plain number`: how a value is to be written.
std::string unit_names(const Quantity& quantity) {
  if (is_plain_number(quantity)) return "as a plain number";
  std::string names = "in ";
  for (std::size_t i = 0; i < quantity.units.size(); ++i) {
    if (i > 0) names += i + 1 == quantity.units.size() ? " or " : ", ";
    names += quantity.units[i].name;
  }
  return names;
}

std::string example(const ParameterInfo& parameter) {
  const Quantity& quantity = *parameter.quantity;
  const std::int64_t value = 4 * quantity.units[1].factor;
  return "`" + format_value(quantity, std::clamp(value, parameter.minimum, parameter.maximum)) +
         "`";
}

std::int64_t parse_choice(const ParameterInfo& parameter, std::string_view text,
                          const std::string& place) {
  const auto choices = parameter.quantity->choices;
  const auto found = std::ranges::find(choices, text);
  if (found != choices.end()) return found - choices.begin();
  const std::vector<std::string> words(choices.begin(), choices.end());
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
  throw ConfigError(place, parameter.key_path,
                    quoted(text) + " is none of " + list + suggestion(text, words));
}

const Unit& find_unit(const ParameterInfo& parameter, std::string_view text, std::string_view name,
                      const std::string& place, CountRule rule) {
  const Quantity& quantity = *parameter.quantity;
  if (name.empty()) {
    const bool may_omit = quantity.is_count && rule == CountRule::may_omit_unit;
    if (may_omit || is_plain_number(quantity)) return quantity.units.front();
    throw ConfigError(place, parameter.key_path,
                      quoted(text) + " has no unit; write it " + unit_names(quantity));
  }
  const auto found = std::ranges::find(quantity.units, name, &Unit::name);
  if (found != quantity.units.end()) return *found;
  throw ConfigError(place, parameter.key_path,
                    quoted(name) + " is not a unit for " + std::string(quantity.name) +
                        "; write it " + unit_names(quantity));
}

std::string range_text(const ParameterInfo& parameter) {
  const Quantity& quantity = *parameter.quantity;
  const std::string maximum = format_value(quantity, parameter.maximum);
  if (!quantity.zero_word.empty() && parameter.minimum == 0) {
    return "up to " + maximum + ", or " + std::string(quantity.zero_word);
  }
  return format_value(quantity, parameter.minimum) + " to " + maximum;
}

void check_range(const ParameterInfo& parameter, std::string_view text, bool is_too_large,
                 std::int64_t value, const std::string& place) {
  if (!is_too_large && value >= parameter.minimum && value <= parameter.maximum) return;
  throw ConfigError(place, parameter.key_path,
                    quoted(text) + " is out of range; give " + range_text(parameter));
}

/// The value in a unit with at most four decimals; nothing if it needs more.
std::optional<std::string> format_in(const Unit& unit, std::int64_t value) {
  constexpr int most_decimals = 4;
  std::string text = std::to_string(value / unit.factor);
  std::int64_t rest = value % unit.factor;
  if (rest != 0) text += '.';
  for (int i = 0; rest != 0; ++i) {
    if (i == most_decimals) return std::nullopt;
    rest *= 10;
    text += static_cast<char>('0' + rest / unit.factor);
    rest %= unit.factor;
  }
  return text + " " + std::string(unit.name);
}

}  // namespace

std::int64_t parse_value(const ParameterInfo& parameter, std::string_view text,
                         const std::string& place, CountRule rule) {
  const Quantity& quantity = *parameter.quantity;
  if (!quantity.choices.empty()) return parse_choice(parameter, text, place);
  if (!quantity.zero_word.empty() && text == quantity.zero_word) return 0;
  const Split split = split_number_and_unit(text);
  const std::optional<Decimal> decimal = parse_decimal(split.number);
  if (!decimal) {
    throw ConfigError(place, parameter.key_path,
                      quoted(text) + " is no decimal number" +
                          (is_plain_number(quantity) ? "" : " with a unit") + "; write it like " +
                          example(parameter));
  }
  const Unit& unit = find_unit(parameter, text, split.unit, place, rule);
  std::int64_t value = 0;
  const Exactness exactness = multiply(*decimal, unit.factor, value);
  if (exactness == Exactness::inexact) {
    const std::string base(quantity.units.front().name);
    throw ConfigError(place, parameter.key_path,
                      quoted(text) + " is not a whole number" + (base.empty() ? "" : " of ") +
                          base + "; round it to one");
  }
  check_range(parameter, text, exactness == Exactness::too_large, value, place);
  if (value == 0 && !quantity.zero_word.empty()) {
    throw ConfigError(place, parameter.key_path,
                      quoted(text) + " would let nothing pass; give more, or write " +
                          std::string(quantity.zero_word));
  }
  return value;
}

std::string format_value(const Quantity& quantity, std::int64_t value) {
  if (!quantity.choices.empty()) {
    return std::string(quantity.choices[static_cast<std::size_t>(value)]);
  }
  if (value == 0 && !quantity.zero_word.empty()) return std::string(quantity.zero_word);
  if (is_plain_number(quantity)) return std::to_string(value);
  if (quantity.is_count) {
    return std::to_string(value) + " " + std::string(quantity.units[value == 1 ? 0 : 1].name);
  }
  std::string text = std::to_string(value) + " " + std::string(quantity.units.front().name);
  std::int64_t factor = 1;
  for (const Unit& unit : quantity.units) {
    if (unit.factor <= factor || value < unit.factor) continue;
    if (const auto better = format_in(unit, value)) {
      text = *better;
      factor = unit.factor;
    }
  }
  return text;
}

std::string reference_line(const ParameterInfo& parameter) {
  const Quantity& quantity = *parameter.quantity;
  std::string line = parameter.key_path + ": ";
  if (quantity.choices.empty()) {
    line += std::string(quantity.name) + ", " + range_text(parameter);
  } else {
    for (std::size_t i = 0; i < quantity.choices.size(); ++i) {
      line += (i == 0 ? "" : " | ") + std::string(quantity.choices[i]);
    }
  }
  if (parameter.fallback) line += ", default " + format_value(quantity, *parameter.fallback);
  return line + ". " + parameter.sentence;
}

}  // namespace synfire
