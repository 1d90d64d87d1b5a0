// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/detail/recording_tables.hpp"
#include "sim/hdf5_column.hpp"
#include "sim/hdf5_file.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire::detail {

inline constexpr const char* link_use_group = "/synfire/link_use";

/// What the links carried between two moments (/synfire/link_use): one row of each matrix a moment.
class LinkUseTable {
 public:
  LinkUseTable(Hdf5File& file, std::size_t links);
  /// What every link carried since the call before, when `tokens` tokens have been handed to the
  /// chip; nothing if no time has passed. `links`: counts of the whole run until now.
  void add(std::uint32_t tokens, TimePoint now, std::span<const LinkUse> links);
  void write();
  std::uint64_t written_rows() const { return tokens_.written_rows(); }

 private:
  BufferedColumn<std::uint32_t> tokens_;
  BufferedColumn<std::int64_t> times_;
  Hdf5Column bits_;
  Hdf5Column busy_;
  std::vector<std::int64_t> bit_buffer_;
  std::vector<std::int64_t> busy_buffer_;
  std::vector<LinkUse> before_;
  TimePoint last_{};
};

}  // namespace synfire::detail
