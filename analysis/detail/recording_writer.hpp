// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/detail/record_block.hpp"
#include "analysis/detail/recording_link_use.hpp"
#include "analysis/detail/recording_tables.hpp"
#include "analysis/recorder.hpp"
#include "sim/hdf5_file.hpp"

namespace synfire::detail {

/// The part of a recording and its tables: what a recorder's own thread works on.
class RecordingWriter {
 public:
  /// Creates the file and writes the description; throws IoError.
  RecordingWriter(const std::filesystem::path& part, const RunDescription& description,
                  const std::vector<std::string>& layers, std::size_t links);

  /// Adds the rows of a block to their tables; throws WriteError.
  void write(const RecordBlock& block);
  /// True if any row is safe from a kill.
  bool has_committed() const { return has_committed_; }
  /// Ends the file; everything committed is in it. Throws WriteError.
  void close();
  /// Leaves the file as it is: it cannot be written any more.
  void abandon();

 private:
  /// Calls visit(table) for every table, in the order of their names in the file.
  template <typename Visit>
  void for_each_table(const Visit& visit);
  void make_tables(const RunDescription& description, std::size_t layers, std::size_t links);
  void commit();

  Hdf5File file_;
  /// Per population; empty for those without spikes or without a request for potentials.
  std::vector<std::optional<SpikeTable>> spikes_;
  std::vector<std::optional<PotentialTable>> potentials_;
  std::optional<StepTable> steps_;
  std::optional<PacketTable> packets_;  ///< empty without a request
  std::optional<LayerActionTable> actions_;
  std::optional<LinkUseTable> link_use_;
  std::optional<TokenTable> tokens_;
  bool has_committed_ = false;
};

}  // namespace synfire::detail
