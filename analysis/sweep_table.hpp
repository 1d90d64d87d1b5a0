// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/sweep_sampling.hpp"

namespace synfire {

/// What every row of a sweep's table refers to.
struct SweepHeader {
  std::vector<std::string> facts;       ///< `key: value`, all that decides the rows
  std::string chip_yaml;                ///< before any parameter is set
  std::vector<std::string> parameters;  ///< key paths
  std::vector<std::string> units;       ///< of them: base unit, or the words of a choice, by `|`
  std::vector<std::string> workloads;
  std::vector<std::string> metrics;
  std::vector<std::string> metric_units;
  std::vector<std::string> objectives;  ///< those among the metrics
};

/// One chip with one workload.
struct SweepRow {
  std::uint32_t round = 0;      ///< of narrowing; 0: first points
  std::uint32_t point = 0;      ///< of all rounds
  std::uint32_t workload = 0;   ///< place in the header
  SweepPoint values;            ///< one for each parameter
  std::vector<double> metrics;  ///< one for each metric; not numbers if the point failed
  std::string error;            ///< why it failed; empty: it did not

  bool has_failed() const { return !error.empty(); }
};

/// A sweep's table as a file holds it: finished, or as far as it got.
struct SweepTable {
  SweepHeader header;
  std::vector<SweepRow> rows;
  std::vector<bool> is_on_front;  ///< one for each row, of its workload
  bool is_complete = false;
};

/// Whether an HDF5 file holds a sweep's table. Throws IoError if it is no sound HDF5 file.
bool is_sweep_table(const std::filesystem::path& path);

/// Reads a finished sweep (`FILE`, layout: analysis/SWEEP.md).
///
/// Throws  IoError for a file that is missing, damaged or no sweep.
SweepTable read_sweep_table(const std::filesystem::path& file);
/// What a sweep that has not ended, or was killed, has written so far (`FILE.part`).
SweepTable read_sweep_part(const std::filesystem::path& part);

/// Writes a sweep's table: rows go to `FILE.part` and are safe from a kill as soon as append
/// returns; finish() makes FILE of it.
///
/// Throws  IoError, WriteError if the file cannot be written.
class SweepWriter {
 public:
  /// `rows` are those that an earlier part holds, which is replaced whole or not at all.
  SweepWriter(const std::filesystem::path& file, SweepHeader header, std::vector<SweepRow> rows);
  ~SweepWriter();
  SweepWriter(const SweepWriter&) = delete;
  SweepWriter& operator=(const SweepWriter&) = delete;

  void append(const SweepRow& row);
  const std::vector<SweepRow>& rows() const;
  /// Writes FILE, whole, and removes the part. Returns what it holds.
  SweepTable finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Rows on the Pareto front of the header's objectives, each among those of its workload.
std::vector<bool> rows_on_front(const SweepHeader& header, const std::vector<SweepRow>& rows);

/// Whether a unit of SweepHeader::units lists the words of a choice.
bool is_choice(const std::string& unit);
/// A parameter's value: the word of a choice, or the number in base units.
std::string sweep_value(std::int64_t value, const std::string& unit);

/// The same as a chip file has it, with its unit.
std::string value_as_written(const std::string& key_path, std::int64_t value);

/// All rows as comma-separated values under a line of names; parameters as in chip files.
std::string to_csv(const SweepTable& table);

/// Differences between two lists of facts, three at the most, in one line; empty: none.
std::string fact_difference(const std::vector<std::string>& before,
                            const std::vector<std::string>& now);

}  // namespace synfire
