// SPDX-License-Identifier: Apache-2.0
#include "sim/hdf5_inspection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/detail/hdf5_call.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr int max_depth = 16;
constexpr std::uint64_t block_bytes = std::uint64_t{1} << 20U;

/// Processor time for the walk: a sound file takes a fraction of it, a loop takes all.
constexpr rlim_t base_seconds = 3;
constexpr std::uintmax_t bytes_per_second = 20'000'000;

void read_bytes(const Hdf5File& file, const std::string& dataset, Hdf5Type type,
                std::uint64_t first, std::uint64_t count) {
  switch (type) {
    case Hdf5Type::int8:
      file.read_rows<std::int8_t>(dataset, first, count);
      break;
    case Hdf5Type::uint8:
      file.read_rows<std::uint8_t>(dataset, first, count);
      break;
    case Hdf5Type::int16:
      file.read_rows<std::int16_t>(dataset, first, count);
      break;
    case Hdf5Type::uint16:
      file.read_rows<std::uint16_t>(dataset, first, count);
      break;
    case Hdf5Type::int32:
      file.read_rows<std::int32_t>(dataset, first, count);
      break;
    case Hdf5Type::uint32:
      file.read_rows<std::uint32_t>(dataset, first, count);
      break;
    case Hdf5Type::int64:
      file.read_rows<std::int64_t>(dataset, first, count);
      break;
    case Hdf5Type::uint64:
      file.read_rows<std::uint64_t>(dataset, first, count);
      break;
    case Hdf5Type::float32:
    case Hdf5Type::float64:
      file.read_rows<double>(dataset, first, count);
      break;
    case Hdf5Type::string:
      file.read_strings(dataset);
      break;
    case Hdf5Type::other:
      break;
  }
}

void walk_dataset(const Hdf5File& file, const std::string& dataset) {
  const Hdf5Shape shape = file.shape(dataset);
  if (shape.type == Hdf5Type::string || shape.elements() == 0) {
    return read_bytes(file, dataset, shape.type, 0, shape.rows());
  }
  const std::uint64_t row_bytes = shape.row_width() * std::max<std::size_t>(size_of(shape.type), 1);
  const std::uint64_t block = std::max<std::uint64_t>(block_bytes / row_bytes, 1);
  const bool in_chunks = file.is_chunked(dataset);
  for (std::uint64_t first = 0; first < shape.rows(); first += block) {
    const std::uint64_t count = std::min(block, shape.rows() - first);
    const bool at_an_end = first == 0 || first + count == shape.rows();
    if (in_chunks || at_an_end) read_bytes(file, dataset, shape.type, first, count);
  }
}

void walk_attributes(const Hdf5File& file, const std::string& object) {
  for (const std::string& name : file.attributes(object)) {
    const Hdf5Shape shape = file.attribute_shape(object, name);
    if (is_integer(shape.type) && shape.type != Hdf5Type::uint64) {
      file.read_attribute<std::int64_t>(object, name);
    } else if (shape.type == Hdf5Type::string && shape.elements() == 1) {
      file.read_string_attribute(object, name);
    }
  }
}

void walk(const Hdf5File& file, const std::string& object, int depth) {
  if (depth > max_depth) {
    throw IoError(file.path().string(), object + ": groups are nested too deeply");
  }
  walk_attributes(file, object);
  if (!file.is_group(object)) return walk_dataset(file, object);
  for (const std::string& name : file.children(object)) {
    walk(file, (object == "/" ? "" : object) + "/" + name, depth + 1);
  }
}

/// A crash of the child concerns nobody: no handler of ours, no core, no words.
void fail_silently() {
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGINT, SIGTERM, SIGXCPU}) {
    std::signal(signal, SIG_DFL);
  }
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const int nowhere = ::open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
}

/// What the child does: exit status 0 and nothing, or 1 and a message in the pipe.
[[noreturn]] void inspect_in_child(const std::filesystem::path& path, Hdf5Writer writer,
                                   rlim_t seconds, int report) {
  const rlimit processor{seconds, seconds};
  setrlimit(RLIMIT_CPU, &processor);
  fail_silently();
  std::string message;
  try {
    walk(Hdf5File::open_uninspected(path, writer), "/", 0);
    _exit(0);
  } catch (const std::exception& error) {
    message = error.what();
  }
  const ssize_t written = write(report, message.data(), message.size());
  _exit(written < 0 ? 2 : 1);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 512> block{};
  for (;;) {
    const ssize_t count = read(descriptor, block.data(), block.size());
    if (count > 0) text.append(block.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) return text;
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

void require_hdf5(const std::filesystem::path& path) {
  // Opening a pipe would wait for a writer.
  std::error_code status;
  if (std::filesystem::exists(path, status) && !std::filesystem::is_regular_file(path, status)) {
    throw IoError(path.string(), "is not a regular file");
  }
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    throw IoError(path.string(), std::string("cannot be opened (") + std::strerror(errno) + ")");
  }
  close(descriptor);
  const detail::Hdf5Call call;
  if (H5Fis_hdf5(path.c_str()) <= 0) throw IoError(path.string(), "is not an HDF5 file");
}

}  // namespace

void inspect_hdf5_file(const std::filesystem::path& path, Hdf5Writer writer) {
  require_hdf5(path);
  const rlim_t seconds = base_seconds + std::filesystem::file_size(path) / bytes_per_second;
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw IoError(path.string(), std::string("cannot be inspected (") + std::strerror(errno) + ")");
  }
  pid_t child = -1;
  {
    const detail::Hdf5Call no_other_thread_inside_hdf5;
    child = fork();
    if (child == 0) inspect_in_child(path, writer, seconds, ends[1]);
  }
  close(ends[1]);
  const std::string message = child < 0 ? "" : read_all(ends[0]);
  close(ends[0]);
  const int status = child < 0 ? 0 : wait_for(child);
  if (child < 0) throw IoError(path.string(), "cannot be inspected: no process can be started");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  const std::string prefix = path.string() + ": ";
  if (!message.starts_with(prefix)) {
    throw IoError(path.string(), "is damaged: the HDF5 library fails on it");
  }
  throw IoError(path.string(), message.substr(prefix.size()));
}

}  // namespace synfire
