// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

/// A workspace with the recording run.h5.
struct RecordedWorkspace : Workspace {
  RecordedWorkspace() {
    write_model();
    const Outcome outcome = synfire({"run", "--model", "model.h5", "--tokens", "4", "--out",
                                     "run.h5", "--json", "run.json", "--quiet"});
    INFO(outcome.error);
    REQUIRE(outcome.exit_code == 0);
  }
  void refuse(const std::vector<std::string>& arguments, const std::string& words) const {
    const auto before = names();
    const Outcome outcome = synfire(arguments);
    INFO(outcome.error);
    CHECK(outcome.exit_code == 2);
    CHECK(is_one_line_error(outcome.error));
    CHECK(outcome.error.find(words) != std::string::npos);
    CHECK(names() == before);
  }
};

/// False where this build has no page (no npm); then the command must say so.
bool has_page(const Outcome& outcome) {
  if (outcome.exit_code == 0) return true;
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.error.find("install Node.js") != std::string::npos);
  WARN("the report page was not built here; its content is not tested");
  return false;
}

}  // namespace

TEST_CASE("report writes one page beside the recording, which needs no network") {
  RecordedWorkspace workspace;
  const Outcome outcome = workspace.synfire({"report", "run.h5"});
  if (!has_page(outcome)) return;
  CHECK(outcome.out.find("run.html") != std::string::npos);
  CHECK(workspace.shell("grep -c 'id=\"run-0\"' run.html").out == "1\n");
  CHECK(workspace.shell("grep -cE '<(script|link|img)[^>]*(src|href)=' run.html").out == "0\n");
  const Outcome quiet =
      workspace.synfire({"report", "run.h5", "run.h5", "-o", "b.html", "--quiet"});
  CHECK(quiet.exit_code == 0);
  CHECK(quiet.out.empty());
  CHECK(quiet.error.empty());
  CHECK(workspace.shell("grep -c 'id=\"run-1\"' b.html").out == "1\n");
}

TEST_CASE("report says of a run that was cut short what is there and what is missing") {
  RecordedWorkspace workspace;
  // What a kill leaves: no counters.
  const Outcome edited = workspace.python(R"(
import h5py, sys
with h5py.File(sys.argv[1], 'r+') as f:
    for name in ['counts/links/packets', 'counts/neurons', 'counts/populations', 'run/events', 'run/text']:
        del f['synfire/' + name]
    f['synfire'].attrs.modify('complete', 0)
)",
                                          {workspace.file("run.h5")});
  INFO(edited.error);
  REQUIRE(edited.exit_code == 0);
  const Outcome outcome = workspace.synfire({"report", "run.h5", "-o", "a.html"});
  if (!has_page(outcome)) return;
  CHECK(workspace.shell("grep -c 'This run ended early' a.html").out == "1\n");
  CHECK(workspace.shell("grep -c 'killed before its counters' a.html").out == "1\n");
}

TEST_CASE("report refuses what is no recording, is newer or is missing, and leaves no file") {
  RecordedWorkspace workspace;
  if (!has_page(workspace.synfire({"report", "run.h5", "-o", "page.html"}))) return;
  workspace.write("text.h5", "no HDF5 at all");
  workspace.refuse({"report", "text.h5"}, "text.h5");
  workspace.refuse({"report", "absent.h5"}, "absent.h5");
  workspace.refuse({"report", "run.h5.part"}, "info --recover");
  workspace.refuse({"report", "model.h5", "-o", "a.html"}, "is not a recording");
  workspace.refuse({"report", "run.h5", "-o", "run.h5"}, "run.h5");
  workspace.refuse({"report", "run.h5", "-o", "no/such/folder.html"}, "directory");
  workspace.refuse({"report"}, "recordings");
  const Outcome edited = workspace.python(
      "import h5py, sys, numpy\n"
      "with h5py.File(sys.argv[1], 'r+') as f: "
      "f['synfire'].attrs.modify('version', numpy.uint32(99))\n",
      {workspace.file("run.h5")});
  REQUIRE(edited.exit_code == 0);
  workspace.refuse({"report", "run.h5", "-o", "a.html"}, "format that this version does not read");
}

}  // namespace synfire::test
