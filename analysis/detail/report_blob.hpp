// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

namespace synfire::detail {

/// A column of a table in a report.
using ReportColumn = std::vector<std::int64_t>;

/// Where a piece of a blob lies, in characters of base64, and how many rows it holds.
struct BlobPiece {
  std::uint64_t at = 0;
  std::uint64_t characters = 0;
  std::uint64_t rows = 0;
};

/// Columns one after another; in each, the difference to the row before (the first: to 0) as a
/// variable-length integer: zigzag, seven bits a byte, lowest first, the high bit says that more
/// follow.
std::string encode_columns(std::span<const ReportColumn> columns);

/// zlib format (RFC 1950), which browsers unpack as `deflate`.
std::string deflated(const std::string& bytes);

std::string base64(const std::string& bytes);

/// Writes pieces of binary data as base64 text, each piece by itself, so that a reader unpacks only
/// what it needs.
class ReportBlob {
 public:
  /// Keeps the reference.
  explicit ReportBlob(std::ostream& output) : output_(output) {}

  /// Columns of one length.
  BlobPiece add(std::span<const ReportColumn> columns);
  BlobPiece add(const ReportColumn& column) { return add(std::span(&column, 1)); }

 private:
  std::ostream& output_;
  std::uint64_t written_ = 0;
};

}  // namespace synfire::detail
