// SPDX-License-Identifier: Apache-2.0
#include "sim/folder_lock.hpp"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "sim/error.hpp"

namespace synfire {

FolderLock::FolderLock(const std::filesystem::path& folder)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw IoError(folder.string(), std::string("cannot be opened (") + std::strerror(errno) + ")");
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  close(descriptor_);
  throw IoError(folder.string(),
                "is in use by another synfire; wait for its end, or name another folder");
}

FolderLock::~FolderLock() {
  close(descriptor_);
}

}  // namespace synfire
