// SPDX-License-Identifier: Apache-2.0
#include "sim/pending_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "sim/error.hpp"

namespace synfire {
namespace {

void synchronise(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  const bool is_synchronised = descriptor >= 0 && fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) close(descriptor);
  // Some file systems cannot synchronise a directory; the rename itself is atomic anyway.
  if (is_synchronised || (flags & O_DIRECTORY) != 0) return;
  throw WriteError(path.string(), std::string("cannot be written (") + std::strerror(reason) + ")");
}

}  // namespace

PendingFile::PendingFile(std::filesystem::path destination)
    : destination_(std::move(destination)), temporary_(destination_) {
  temporary_ += "." + std::to_string(getpid()) + ".tmp";
}

PendingFile::~PendingFile() {
  if (temporary_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void PendingFile::publish() {
  synchronise(temporary_, O_RDONLY);
  if (std::rename(temporary_.c_str(), destination_.c_str()) != 0) {
    throw IoError(destination_.string(),
                  std::string("cannot be written (") + std::strerror(errno) + ")");
  }
  temporary_.clear();
  const std::filesystem::path folder = destination_.parent_path();
  synchronise(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
}

}  // namespace synfire
