// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace synfire {

/// Keeps a folder for one process, so that two of them do not overwrite each other's files there.
/// Let go of at the end of its scope, and of the process however it ends.
class FolderLock {
 public:
  /// Throws IoError if another process holds the folder, or if there is none. File systems that
  /// know no locks let everybody in.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace synfire
