// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace synfire {

/// A file being written beside its destination, so that no half file ever has the final name.
/// Removed at the end of its scope unless published.
class PendingFile {
 public:
  explicit PendingFile(std::filesystem::path destination);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  const std::filesystem::path& path() const { return temporary_; }

  /// Brings the content to disk and gives it the name of the destination; throws
  /// WriteError if the disk does not take it, IoError if the destination cannot have it.
  void publish();

 private:
  std::filesystem::path destination_;
  std::filesystem::path temporary_;
};

}  // namespace synfire
