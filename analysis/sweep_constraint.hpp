// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/params.hpp"
#include "topology/chip.hpp"
#include "topology/yaml_values.hpp"

namespace synfire {

/// A condition on a chip such as `grid.width * grid.height * neurocore.neurons <= 65536`.
///
/// Two sums of products of key paths, decimal numbers (with a unit of a chip file or none) and
/// parentheses, between `<=`, `<`, `>=`, `>`, `==` or `!=`. Key paths stand for their values in
/// base units (sim/params.hpp); units are not checked against each other.
class SweepConstraint {
 public:
  /// Throws  ConfigError with the place of `written` for anything else, and for the key path of a
  ///         choice.
  explicit SweepConstraint(const WrittenValue& written);

  bool holds(const ChipDescription& chip) const;
  const std::string& text() const { return text_; }

 private:
  friend class ConstraintParser;
  enum class Operation : std::uint8_t { number, parameter, add, subtract, multiply };
  struct Step {
    Operation operation = Operation::number;
    double number = 0;
    const Parameter<ChipDescription>* parameter = nullptr;
  };
  /// A sum in postfix order.
  using Sum = std::vector<Step>;
  static double value(const Sum& sum, const ChipDescription& chip);

  std::string text_;
  std::string comparison_;
  Sum left_;
  Sum right_;
};

}  // namespace synfire
