// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_constraint.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string_view>

#include "analysis/sweep_keys.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr int deepest_parenthesis = 32;
constexpr std::size_t longest_constraint = 1000;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

bool is_unit(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '/';
}

}  // namespace

/// Recursive descent over one constraint.
class ConstraintParser {
 public:
  ConstraintParser(const WrittenValue& written, SweepConstraint& constraint)
      : written_(written), text_(written.value), constraint_(constraint) {}

  void parse() {
    if (text_.size() > longest_constraint) refuse("is longer than 1000 characters");
    read_sum(constraint_.left_, 0);
    for (const char* comparison : {"<=", ">=", "==", "!=", "<", ">"}) {
      if (constraint_.comparison_.empty() && take(comparison)) constraint_.comparison_ = comparison;
    }
    if (constraint_.comparison_.empty()) {
      refuse("has no comparison where `" + rest() + "` stands; write it like `a * b <= c`");
    }
    read_sum(constraint_.right_, 0);
    if (!text_.substr(at_).empty()) refuse("goes on with `" + rest() + "`; end it there");
  }

 private:
  using Operation = SweepConstraint::Operation;

  [[noreturn]] void refuse(const std::string& fact) const {
    throw ConfigError(written_.place, written_.key_path, fact);
  }
  std::string rest() const { return std::string(text_.substr(at_, 20)); }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(std::string_view symbol) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(symbol)) return false;
    at_ += symbol.size();
    skip_blanks();
    return true;
  }
  std::string_view take_while(bool (*belongs)(char)) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  void read_sum(SweepConstraint::Sum& sum, int depth) {
    read_product(sum, depth);
    while (true) {
      const bool is_addition = take("+");
      if (!is_addition && !take("-")) return;
      read_product(sum, depth);
      sum.push_back({.operation = is_addition ? Operation::add : Operation::subtract});
    }
  }

  void read_product(SweepConstraint::Sum& sum, int depth) {
    read_factor(sum, depth);
    while (take("*")) {
      read_factor(sum, depth);
      sum.push_back({.operation = Operation::multiply});
    }
  }

  void read_factor(SweepConstraint::Sum& sum, int depth) {
    if (depth == deepest_parenthesis) refuse("has too many parentheses in each other");
    if (take("(")) {
      read_sum(sum, depth + 1);
      if (!take(")")) refuse("lacks a `)` where `" + rest() + "` stands");
      return;
    }
    skip_blanks();
    const std::string word(take_while(is_word));
    if (word.empty()) refuse("lacks a key path or a number where `" + rest() + "` stands");
    if (std::isdigit(static_cast<unsigned char>(word.front())) != 0) {
      read_number(sum, word);
    } else {
      read_key(sum, word);
    }
    skip_blanks();
  }

  /// `4`, `0.5`, `64 KiB`, `64KiB`.
  void read_number(SweepConstraint::Sum& sum, const std::string& word) {
    const auto end = std::ranges::find_if(word, [](char c) { return c != '.' && is_unit(c); });
    const std::string number(word.begin(), end);
    std::string unit(end, word.end());
    if (unit.empty()) skip_blanks();
    unit += take_while(is_unit);
    char* after = nullptr;
    const double value = std::strtod(number.c_str(), &after);
    if (*after != '\0') refuse("`" + number + "` is no decimal number");
    const auto factor = unit.empty() ? std::optional<std::int64_t>(1) : unit_factor(unit);
    if (!factor) refuse("`" + unit + "` is no unit of a chip file; write it like `64 KiB`");
    sum.push_back({.number = value * static_cast<double>(*factor)});
  }

  void read_key(SweepConstraint::Sum& sum, const std::string& word) {
    const auto& parameter = find_chip_parameter(word, written_);
    if (!parameter.quantity->choices.empty()) {
      refuse("`" + word + "` is a choice, not a number; leave it out");
    }
    sum.push_back({.operation = Operation::parameter, .parameter = &parameter});
  }

  const WrittenValue& written_;
  std::string_view text_;
  SweepConstraint& constraint_;
  std::size_t at_ = 0;
};

SweepConstraint::SweepConstraint(const WrittenValue& written) : text_(written.value) {
  ConstraintParser(written, *this).parse();
}

double SweepConstraint::value(const Sum& sum, const ChipDescription& chip) {
  std::vector<double> stack;
  for (const Step& step : sum) {
    if (step.operation == Operation::number) {
      stack.push_back(step.number);
      continue;
    }
    if (step.operation == Operation::parameter) {
      stack.push_back(static_cast<double>(step.parameter->get(chip)));
      continue;
    }
    const double right = stack.back();
    stack.pop_back();
    double& left = stack.back();
    if (step.operation == Operation::add) left += right;
    if (step.operation == Operation::subtract) left -= right;
    if (step.operation == Operation::multiply) left *= right;
  }
  return stack.back();
}

bool SweepConstraint::holds(const ChipDescription& chip) const {
  const double left = value(left_, chip);
  const double right = value(right_, chip);
  if (comparison_ == "<=") return left <= right;
  if (comparison_ == ">=") return left >= right;
  if (comparison_ == "<") return left < right;
  if (comparison_ == ">") return left > right;
  return (left == right) == (comparison_ == "==");
}

}  // namespace synfire
