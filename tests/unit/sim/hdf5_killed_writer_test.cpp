// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/error.hpp"
#include "sim/hdf5_column.hpp"
#include "sim/hdf5_file.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"

using synfire::Hdf5Column;
using synfire::Hdf5File;
using synfire::Hdf5Writer;
using synfire::test::read_bytes;
using synfire::test::TemporaryFolder;
using synfire::test::write_bytes;

namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t column_count = 8;
constexpr std::size_t chunk_rows = 64;
constexpr std::size_t chunk_count = 24;

/// Writes until this process is killed at one; negative: it never is.
long writes_until_kill = -1;

std::string column_name(std::size_t index) {
  return "/columns/c" + std::to_string(index);
}

std::int64_t value_at(std::size_t row) {
  return static_cast<std::int64_t>(row) + 1;
}

void append_chunk(std::vector<Hdf5Column>& columns) {
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < chunk_rows; ++i) rows.push_back(value_at(columns[0].rows() + i));
  for (Hdf5Column& column : columns) column.append(std::span<const std::int64_t>(rows));
}

/// Streams columns to a file in a process that ends without closing it.
struct KilledWriter {
  /// After `chunk_count` chunks, or killed.
  explicit KilledWriter(long writes = -1) {
    const pid_t child = fork();
    if (child == 0) {
      writes_until_kill = writes;
      try {
        stream();
      } catch (...) {
        _exit(1);
      }
    }
    int status = -1;
    waitpid(child, &status, 0);
    is_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    REQUIRE((is_killed || status == 0));
    std::ifstream(flushed) >> flushed_chunks;
  }

  [[noreturn]] void stream() const {
    Hdf5File file = Hdf5File::create_streaming(path);
    std::vector<Hdf5Column> columns;
    for (std::size_t i = 0; i < column_count; ++i) {
      columns.emplace_back(file, column_name(i), Hdf5Column::Layout{.chunk_rows = chunk_rows});
    }
    file.start_streaming();
    for (std::size_t chunks = 1; chunks <= chunk_count; ++chunks) {
      append_chunk(columns);
      file.flush();
      std::ofstream(flushed) << chunks;
    }
    _exit(0);  // a destructor would close the file
  }

  TemporaryFolder folder;
  std::filesystem::path path = folder / "part.h5";
  std::filesystem::path flushed = folder / "flushed";
  std::size_t flushed_chunks = 0;
  bool is_killed = false;
};

/// Rows of all columns that are there and as written.
std::size_t sound_rows(const Hdf5File& file) {
  std::size_t sound = chunk_count * chunk_rows;
  for (std::size_t i = 0; i < column_count; ++i) {
    const std::vector<std::int64_t> rows = file.read<std::int64_t>(column_name(i));
    std::size_t row = 0;
    while (row < rows.size() && rows[row] == value_at(row)) ++row;
    sound = std::min(sound, row);
  }
  return sound;
}

}  // namespace

/// In place of the C library's, for HDF5 in this program too. The kernel looks for a kill between
/// the pages of a write.
extern "C" ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t at) {
  const bool is_last = writes_until_kill >= 0 && writes_until_kill-- == 0;
  const std::size_t in_page = page_bytes - static_cast<std::size_t>(at) % page_bytes;
  if (is_last) count = std::min(count, in_page);
  const ssize_t written = syscall(SYS_pwrite64, file, bytes, count, at);
  if (is_last) std::raise(SIGKILL);
  return written;
}

TEST_CASE("Hdf5File: a kill at any write costs nothing that was flushed before") {
  long writes = 0;
  for (;; ++writes) {
    const KilledWriter writer(writes);
    if (!writer.is_killed) break;
    INFO("write " << writes << ", after " << writer.flushed_chunks << " flushed chunks");
    if (writer.flushed_chunks == 0) continue;
    const Hdf5File file = Hdf5File::open_uninspected(writer.path, Hdf5Writer::killed);
    REQUIRE(sound_rows(file) >= writer.flushed_chunks * chunk_rows);
  }
  CHECK(writes > static_cast<long>(chunk_count * column_count));
}

TEST_CASE("Hdf5File: a changed bit in what a killed writer left ends in an error or in rows") {
  const KilledWriter writer;
  const std::string content = read_bytes(writer.path);
  const auto path = writer.folder / "changed.h5";
  const std::uint64_t seed = synfire::test::base_seed();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  bool is_checksum_found = false;
  for (int i = 0; i < 150; ++i) {
    std::string changed = content;
    const std::size_t at = random() % content.size();
    changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1U << (random() % 8)));
    write_bytes(path, changed);
    try {
      const Hdf5File file = Hdf5File::open_interrupted(path);
      CHECK(sound_rows(file) <= chunk_count * chunk_rows);
    } catch (const synfire::IoError& error) {
      is_checksum_found |= std::string(error.what()).find("checksum") != std::string::npos;
    }
  }
  CHECK(is_checksum_found);
}
