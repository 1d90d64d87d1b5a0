// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {

TEST_CASE("a run that deadlocks fails in one line and keeps what was recorded until then") {
  Workspace workspace;
  workspace.write_model();
  std::vector<std::string> arguments{"run",      "--model", "model.h5", "--chip", "ideal",
                                     "--tokens", "3",       "--quiet",  "--out",  "run.h5"};
  // A torus without datelines, its buffers of one packet and its neurocores slow.
  for (const char* setting :
       {"grid.topology=torus", "grid.width=8", "grid.height=8", "grid.cores_per_tile=1",
        "neurocore.neurons=12", "neurocore.input_queue=1", "neurocore.axon_in_latency=20 ns",
        "flow_control.kind=credit", "flow_control.buffer_depth=1", "routing.deadlock_check=off",
        "link.horizontal.bandwidth=8 Gb/s"}) {
    arguments.insert(arguments.end(), {"--set", setting});
  }
  const Outcome outcome = workspace.synfire(arguments);
  INFO(outcome.error);
  CHECK(outcome.exit_code == 1);
  CHECK(is_one_line_error(outcome.error));
  CHECK(outcome.error.find("cannot finish") != std::string::npos);
  CHECK(workspace.names() == std::vector<std::string>{"model.h5", "run.h5"});
  const Outcome read = workspace.python(
      "import h5py; f=h5py.File('run.h5','r'); print(f['synfire'].attrs['complete'], "
      "f['synfire/run/packets_in_flight'][()]>0, f['synfire/run/spikes'][()]>0)",
      {});
  INFO(read.error);
  CHECK(read.out == "0 True True\n");

  arguments.insert(arguments.end(), {"--parallel", "tokens", "--threads", "2"});
  arguments[std::ranges::find(arguments, "run.h5") - arguments.begin()] = "tokens.h5";
  const Outcome by_tokens = workspace.synfire(arguments);
  CHECK(by_tokens.exit_code == 1);
  CHECK(by_tokens.error == outcome.error);
  const Outcome same =
      workspace.shell("h5diff --exclude-path /synfire/provenance/volatile run.h5 tokens.h5");
  INFO(same.out);
  CHECK(same.exit_code == 0);
}

}  // namespace synfire::test
