// SPDX-License-Identifier: Apache-2.0
#include "sim/hdf5_file.hpp"

#include <csignal>
#include <fstream>
#include <numeric>

#include <catch2/catch.hpp>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/error.hpp"
#include "sim/hdf5_column.hpp"
#include "sim/hdf5_copy.hpp"
#include "tests/support/temporary_folder.hpp"

using synfire::Hdf5Column;
using synfire::Hdf5File;
using synfire::Hdf5Type;
using synfire::IoError;
using synfire::test::TemporaryFolder;

namespace {

template <typename T>
void round_trip(const TemporaryFolder& folder, std::vector<T> values) {
  const auto path = folder / "round.h5";
  {
    Hdf5File file = Hdf5File::create(path);
    file.write<T>("/a/b", {2, 2}, values);
    file.write_attribute<T>("/a/b", "scalar", values[1]);
    file.write_attribute<T>("/a/b", "list", std::span<const T>(values));
    file.close();
  }
  const Hdf5File file = Hdf5File::open(path);
  CHECK(file.shape("/a/b").type == synfire::hdf5_type_of<T>());
  CHECK(file.shape("/a/b").extents == std::vector<std::uint64_t>{2, 2});
  CHECK(file.read<T>("/a/b") == values);
  CHECK(file.read_rows<T>("/a/b", 1, 1) == std::vector<T>(values.begin() + 2, values.end()));
  CHECK(file.read_attribute<T>("/a/b", "scalar") == std::vector<T>{values[1]});
  CHECK(file.read_attribute<T>("/a/b", "list") == values);
}

/// Bytes that malloc has given out; sanitizers' own say nothing.
std::size_t bytes_in_use() {
  const struct mallinfo2 heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

template <typename T>
std::vector<T> extremes() {
  return {std::numeric_limits<T>::lowest(), T{1}, T{2}, std::numeric_limits<T>::max()};
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const IoError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("Hdf5File: values of every type come back as they were") {
  const TemporaryFolder folder;
  round_trip(folder, extremes<std::int8_t>());
  round_trip(folder, extremes<std::uint8_t>());
  round_trip(folder, extremes<std::int16_t>());
  round_trip(folder, extremes<std::uint16_t>());
  round_trip(folder, extremes<std::int32_t>());
  round_trip(folder, extremes<std::uint32_t>());
  round_trip(folder, extremes<std::int64_t>());
  round_trip(folder, extremes<std::uint64_t>());
  round_trip(folder, extremes<double>());
}

TEST_CASE("Hdf5File: packed datasets read as others do, large ones take less room") {
  const TemporaryFolder folder;
  const std::vector<double> values(30'000, 0.5);
  Hdf5File file = Hdf5File::create(folder / "packed.h5");
  for (const std::uint64_t rows : {0U, 1U, 3U, 300U}) {
    const std::string name = "/a" + std::to_string(rows);
    file.create_packed_dataset(name, Hdf5Type::float32, std::vector<std::uint64_t>{rows, 100});
    file.write_rows<double>(name, 0, std::span(values).first(rows * 100));
  }
  file.close();
  CHECK(std::filesystem::file_size(folder / "packed.h5") < 20'000);
  const Hdf5File read = Hdf5File::open(folder / "packed.h5");
  CHECK(read.is_chunked("/a300"));
  CHECK_FALSE(read.is_chunked("/a3"));
  CHECK(read.shape("/a300").type == Hdf5Type::float32);
  CHECK(read.read<double>("/a300") == values);
  CHECK(read.read<double>("/a0").empty());
}

TEST_CASE("Hdf5File: texts, groups and lists of names come back as they were") {
  const TemporaryFolder folder;
  {
    Hdf5File file = Hdf5File::create(folder / "text.h5");
    file.write_strings("/names", std::vector<std::string>{"block0.attention", "", "Wörter"});
    file.write_strings("/none", std::vector<std::string>{});
    file.write_string("/empty", "");
    file.write_string("/text", "two\nlines");
    file.create_group("/group/within");
    file.write_string_attribute("/group", "units", "ms");
    file.write_string_attribute("/", "nothing", "");
    CHECK(message_of([&] {
            file.write_string("/zero", std::string("a\0b", 3));
          }).find("/zero: text with a zero byte") != std::string::npos);
    file.close();
  }
  const Hdf5File file = Hdf5File::open(folder / "text.h5");
  CHECK(file.read_strings("/names") == std::vector<std::string>{"block0.attention", "", "Wörter"});
  CHECK(file.read_strings("/none").empty());
  CHECK(file.read_string("/empty").empty());
  CHECK(file.read_string("/text") == "two\nlines");
  CHECK(file.read_string_attribute("/group", "units") == "ms");
  CHECK(file.read_string_attribute("/", "nothing").empty());
  CHECK(file.children("/") == std::vector<std::string>{"empty", "group", "names", "none", "text"});
  CHECK(file.attributes("/") == std::vector<std::string>{"nothing"});
  CHECK(file.contains("/group/within"));
  CHECK(file.is_group("/group/within"));
  CHECK_FALSE(file.is_group("/text"));
  CHECK_FALSE(file.contains("/absent/within"));
  CHECK_FALSE(file.has_attribute("/group", "unit"));
}

TEST_CASE("Hdf5File: a narrower integer is read into a wider one, never the other way") {
  const TemporaryFolder folder;
  Hdf5File file = Hdf5File::create(folder / "types.h5");
  file.write("/small", std::vector<std::int8_t>{-1, 5});
  file.write("/unsigned", std::vector<std::uint32_t>{4000000000U});
  file.write("/real", std::vector<double>{0.5});
  CHECK(file.read<std::int64_t>("/small") == std::vector<std::int64_t>{-1, 5});
  CHECK(file.read<std::int64_t>("/unsigned") == std::vector<std::int64_t>{4000000000});
  CHECK_THROWS_AS(file.read<std::uint64_t>("/small"), IoError);
  CHECK_THROWS_AS(file.read<std::int32_t>("/unsigned"), IoError);
  CHECK_THROWS_AS(file.read<std::int32_t>("/real"), IoError);
  CHECK_THROWS_AS(file.read_strings("/real"), IoError);
  CHECK_THROWS_AS(file.read_scalar<std::int8_t>("/small"), IoError);
  CHECK_THROWS_AS(file.read_rows<std::int8_t>("/small", 1, 2), IoError);
  CHECK_THROWS_AS(file.read_rows<std::int8_t>("/small", ~std::uint64_t{0}, 2), IoError);
}

TEST_CASE("Hdf5File: errors name the file and the dataset") {
  const TemporaryFolder folder;
  CHECK(message_of([&] { Hdf5File::open(folder / "absent.h5"); }) ==
        (folder / "absent.h5").string() + ": cannot be opened (No such file or directory)");
  std::ofstream(folder / "text.h5") << "no HDF5 at all";
  CHECK(message_of([&] { Hdf5File::open(folder / "text.h5"); }) ==
        (folder / "text.h5").string() + ": is not an HDF5 file");
  CHECK(message_of([&] {
          Hdf5File::create(folder / "no/such/folder.h5");
        }).find("cannot be created (No such file or directory)") != std::string::npos);
  Hdf5File file = Hdf5File::create(folder / "some.h5");
  CHECK(message_of([&] {
          file.read<double>("/gone");
        }).starts_with((folder / "some.h5").string() + ": /gone: is missing or damaged"));
}

TEST_CASE("Hdf5File: a truncated file is refused") {
  const TemporaryFolder folder;
  {
    Hdf5File file = Hdf5File::create(folder / "whole.h5");
    file.write("/values", std::vector<std::int32_t>(1000, 7));
    file.close();
  }
  std::filesystem::resize_file(folder / "whole.h5", 3000);
  CHECK_THROWS_AS(Hdf5File::open(folder / "whole.h5"), IoError);
}

TEST_CASE("Hdf5File: a pipe and a folder are refused") {
  const TemporaryFolder folder;
  const auto pipe = folder / "pipe.h5";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(message_of([&] { Hdf5File::open(pipe); }) == pipe.string() + ": is not a regular file");
  CHECK(message_of([&] { Hdf5File::open(folder / "."); }).ends_with(": is not a regular file"));
}

TEST_CASE("Hdf5File: a dataset that claims more than the file stores is refused") {
  const TemporaryFolder folder;
  {
    Hdf5File file = Hdf5File::create(folder / "claim.h5");
    const std::vector<std::uint64_t> extents{std::uint64_t{1} << 30U, 1024};
    // Contiguous space is only taken when written, so this costs nothing here.
    file.create_dataset("/claim", Hdf5Type::int64, extents);
    CHECK(message_of([&] { file.read<std::int64_t>("/claim"); }).find("/claim: claims") !=
          std::string::npos);
    file.close();
  }
  CHECK_THROWS_AS(Hdf5File::open(folder / "claim.h5"), IoError);
}

TEST_CASE("Hdf5Column: rows appended in pieces come back in order, also from a copy") {
  const TemporaryFolder folder;
  std::vector<std::int32_t> all(3 * 1000);
  std::iota(all.begin(), all.end(), 0);
  {
    Hdf5File file = Hdf5File::create_streaming(folder / "stream.h5");
    Hdf5Column column(file, "/table/values",
                      {.type = Hdf5Type::int32, .width = 3, .is_matrix = true, .chunk_rows = 64});
    Hdf5Column empty(file, "/table/empty", {.type = Hdf5Type::int64});
    file.write_string_attribute("/table/values", "units", "1");
    file.start_streaming();
    for (std::size_t row = 0; row < 1000; row += 100) {
      column.append(std::span<const std::int32_t>(all).subspan(3 * row, 300));
      if (row % 300 == 0) file.flush();
    }
    CHECK(column.rows() == 1000);
    file.close();
  }
  const Hdf5File streamed = Hdf5File::open(folder / "stream.h5");
  CHECK(streamed.read<std::int32_t>("/table/values") == all);
  Hdf5File copy = Hdf5File::create(folder / "copy.h5");
  copy_group(streamed, "/table", copy);
  CHECK(copy.read<std::int32_t>("/table/values") == all);
  CHECK(copy.read<std::int64_t>("/table/empty").empty());
  CHECK_FALSE(copy.is_chunked("/table/values"));
  CHECK(copy.read_string_attribute("/table/values", "units") == "1");
  CHECK_THROWS_AS(copy_rows(streamed, "/table/empty", 1, copy), IoError);
}

TEST_CASE("Hdf5Column: memory does not grow with the rows of a streamed file") {
  const TemporaryFolder folder;
  Hdf5File file = Hdf5File::create_streaming(folder / "stream.h5");
  std::vector<Hdf5Column> columns;
  for (int i = 0; i < 20; ++i) {
    columns.emplace_back(file, "/column" + std::to_string(i),
                         Hdf5Column::Layout{.type = Hdf5Type::int64, .chunk_rows = 4096});
  }
  file.start_streaming();
  const std::vector<std::int64_t> rows(4096, 1);
  const auto append = [&](int times) {
    for (int i = 0; i < times; ++i) {
      for (Hdf5Column& column : columns) column.append(std::span<const std::int64_t>(rows));
    }
    return bytes_in_use();
  };
  const std::size_t first = append(2);
  const std::size_t last = append(20);
  CHECK(last <= first + (std::size_t{1} << 20U));  // 12.5 MiB have been written
}

TEST_CASE("Hdf5File: a full disk is an error at a write, a flush or the close") {
  const TemporaryFolder folder;
  const auto path = folder / "full.h5";
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{200'000, 200'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string message = message_of([&] {
      Hdf5File file = Hdf5File::create_streaming(path);
      Hdf5Column column(file, "/values", {.type = Hdf5Type::int64});
      file.start_streaming();
      const std::vector<std::int64_t> block(4096, 1);
      for (int i = 0; i < 100; ++i) column.append(std::span<const std::int64_t>(block));
      file.close();
    });
    _exit(message.find("File too large") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("Hdf5File: a file that the disk does not take is a WriteError") {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &small);
    try {
      Hdf5File file = Hdf5File::create(folder / "full.h5");
      file.write("/a", std::vector<double>(100'000, 1.0));
      file.close();
    } catch (const synfire::WriteError&) {
      _exit(0);
    } catch (...) {
      _exit(1);
    }
    _exit(2);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
