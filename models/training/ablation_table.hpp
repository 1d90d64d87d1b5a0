// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "models/training/settings.hpp"

namespace synfire::training {

inline constexpr double not_measured = std::numeric_limits<double>::quiet_NaN();

/// What a row of an ablation came to. Numbers that do not apply are `not_measured`.
struct AblationResult {
  std::string name;
  std::string settings;  ///< the command line of `synfire train` that trains it
  std::string note;      ///< `not trained`, why it runs on no chip, ...; may be empty
  std::int64_t parameters = 0;
  std::int64_t trained_characters = 0;
  double held_out_bits = not_measured;      ///< per character, real weights
  double held_out_accuracy = not_measured;  ///< 0 to 1
  double training_bits = not_measured;
  double training_accuracy = not_measured;
  double integer_bits = not_measured;       ///< of the written model
  double arithmetic_energy = not_measured;  ///< J a character, the paper's formula
  double chip_energy = not_measured;        ///< J a character
  double chip_time = not_measured;          ///< s a character, windows pushed at once
  std::vector<FiringRate> firing;
};

/// Results in the order of the study, in one HDF5 file that is rewritten whole after each row, so
/// that it is complete up to the last row whenever the program ends.
///
/// Layout  /rows: a dataset per number and text, attribute `measured_on`; /firing: row, population,
///         mean, silent.
class AblationTable {
 public:
  /// Takes over what an earlier run has written to `path`, if that exists. `measured_on`: what all
  /// rows' chip numbers have in common.
  ///
  /// Throws  IoError for a file that is no ablation table, or whose rows were measured on something
  ///         else.
  AblationTable(std::filesystem::path path, std::string measured_on);

  /// The result of a row of this name and these settings.
  std::optional<AblationResult> find(const std::string& name, const std::string& settings) const;
  /// Adds or replaces the row of this name and writes the file; throws IoError.
  void put(AblationResult result);
  const std::vector<AblationResult>& rows() const { return rows_; }

 private:
  void write() const;

  std::filesystem::path path_;
  std::string measured_on_;
  std::vector<AblationResult> rows_;
};

/// The same as text, a line a row; firing rates as `population=percent`, separated by spaces.
std::string to_csv(const std::vector<AblationResult>& rows);

}  // namespace synfire::training
