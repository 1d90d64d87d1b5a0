// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/detail/record_block.hpp"
#include "analysis/detail/recording_tables.hpp"
#include "sim/hdf5_file.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire::detail {

inline constexpr const char* link_use_group = "/synfire/link_use";

/// What the links carried between two moments.
class LinkUseCounter {
 public:
  explicit LinkUseCounter(std::size_t links) : until_now_(links) {}
  std::size_t links() const { return until_now_.size(); }
  /// Adds what every link carried since the call before to both lists, picoseconds to `busy`;
  /// `links`: counts of the whole run until now.
  void add_since_last(std::span<const LinkUse> links, std::vector<std::int64_t>& bits,
                      std::vector<std::int64_t>& busy);

 private:
  std::vector<LinkUse> until_now_;
};

/// The same in the file (/synfire/link_use): one row of each matrix a moment.
class LinkUseTable {
 public:
  LinkUseTable(Hdf5File& file, std::size_t links);
  static std::string name() { return link_use_group; }
  /// `bits`, `busy`: [moments][links].
  void add(std::span<const MomentRow> moments, std::span<const std::int64_t> bits,
           std::span<const std::int64_t> busy);
  void write();
  std::uint64_t written_rows() const { return tokens_.written_rows(); }

 private:
  BufferedColumn<std::uint32_t> tokens_;
  BufferedColumn<std::int64_t> times_;
  BufferedColumn<std::int64_t> bits_;
  BufferedColumn<std::int64_t> busy_;
};

}  // namespace synfire::detail
