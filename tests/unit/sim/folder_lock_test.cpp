// SPDX-License-Identifier: Apache-2.0
#include "sim/folder_lock.hpp"

#include <optional>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire::test {
namespace {

TEST_CASE("FolderLock: a folder has one holder at a time") {
  const TemporaryFolder folder;
  std::optional<FolderLock> first(folder.path());
  CHECK_THROWS_WITH(FolderLock{folder.path()}, Catch::Contains("in use by another synfire"));
  first.reset();
  CHECK_NOTHROW(FolderLock{folder.path()});
}

TEST_CASE("FolderLock: needs a folder") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(FolderLock{folder.path() / "missing"}, IoError);
}

}  // namespace
}  // namespace synfire::test
