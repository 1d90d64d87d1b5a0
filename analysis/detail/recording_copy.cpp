// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_copy.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/detail/recording_layout.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_copy.hpp"

namespace synfire::detail {
namespace {

/// Rows that every column of a table has; never more than were committed.
std::uint64_t common_rows(const Hdf5File& part, const std::string& table, std::uint64_t committed) {
  std::uint64_t rows = committed;
  for (const std::string& column : part.children(table)) {
    rows = std::min(rows, part.shape(table + "/" + column).rows());
  }
  return rows;
}

void copy_table(const Hdf5File& part, const std::string& table, std::uint64_t rows, Hdf5File& to) {
  to.create_group(table);
  for (const std::string& column : part.children(table)) {
    copy_rows(part, table + "/" + column, rows, to);
  }
  if (table.starts_with("/spikes/")) write_sorting(to, table);
}

/// Both groups of a population's spikes are one table.
std::string partner_of(const std::string& table) {
  return table.starts_with("/spikes/") ? "/synfire" + table : table;
}

}  // namespace

void copy_part(const Hdf5File& part, Hdf5File& to, bool is_complete) {
  if (!part.contains(recovery_tables) || !part.contains(recovery_rows)) {
    throw IoError(part.path().string(), "is not what a run in progress writes");
  }
  const std::vector<std::string> tables = part.read_strings(recovery_tables);
  const std::vector<std::uint64_t> committed = part.read<std::uint64_t>(recovery_rows);
  if (tables.size() != committed.size()) {
    throw IoError(part.path().string(), std::string(recovery_rows) +
                                            ": one number per table is "
                                            "needed; the file is damaged");
  }
  write_signature(to, is_complete);
  to.create_group("/spikes");
  for (const char* group : described_groups) copy_group(part, group, to);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const std::string partner = partner_of(tables[i]);
    const std::uint64_t rows =
        common_rows(part, partner, common_rows(part, tables[i], committed[i]));
    copy_table(part, tables[i], rows, to);
    if (partner != tables[i]) copy_table(part, partner, rows, to);
  }
}

}  // namespace synfire::detail
