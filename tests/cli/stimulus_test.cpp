// SPDX-License-Identifier: Apache-2.0
// Commands on a model that is run on recorded input spikes.
#include <map>
#include <string>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

/// The peer network's file in a workspace.
void write_peer(const Workspace& workspace) {
  const std::string folder = std::string(SYNFIRE_SOURCE_FOLDER) + "/tests/bench/peer";
  const Outcome outcome = workspace.shell("/usr/bin/python3 '" + folder + "/make_model.py' '" +
                                          folder + "/network.h5' peer.h5");
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
}

Outcome run(const Workspace& workspace, std::vector<std::string> more) {
  more.insert(more.begin(), {"run", "--model", "peer.h5"});
  return workspace.synfire(more);
}

/// Removes /stimulus from the file.
void remove_stimulus(const Workspace& workspace) {
  REQUIRE(workspace
              .python("import h5py,sys; del h5py.File(sys.argv[1], 'a')['stimulus']",
                      {workspace.file("peer.h5")})
              .exit_code == 0);
}

}  // namespace

TEST_CASE("run takes a network with a stimulus: spikes, energy, rates, and a recording to verify") {
  Workspace workspace;
  write_peer(workspace);
  const Outcome ran = run(workspace, {"--out", "run.h5"});
  INFO(ran.error);
  REQUIRE(ran.exit_code == 0);
  CHECK(ran.out.starts_with("presentations         1 of 100 time steps\n"));
  for (const char* words : {"spikes                54,219\n", "43,278,336", "a presentation",
                            "chip account", "by layer", "sparsity"}) {
    INFO(words);
    CHECK(ran.out.find(words) != std::string::npos);
  }
  CHECK(ran.out.find("token") == std::string::npos);
  CHECK(ran.out.find("arithmetic account") == std::string::npos);

  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  CHECK(verified.exit_code == 0);
  CHECK(verified.out == "identical: 1 presentation, 54219 spikes, 0 logits\n");
  const Outcome described = workspace.synfire({"info", "run.h5"});
  CHECK(described.exit_code == 0);
  CHECK(described.out.find("1 of 1 that ended") != std::string::npos);

  const Outcome added = workspace.python(
      "import h5py,sys; f = h5py.File(sys.argv[1])['synfire']; "
      "noted = f['layer_actions/actions'][:].sum(); counted = f['counts/slices/actions'][:].sum(); "
      "assert noted == counted > 0; assert f['layer_actions/tokens'][-1] == 1; "
      "assert (f['link_use/bits'][:].sum(axis=0) == f['counts/links/bits'][:]).all(); "
      "assert (f['link_use/busy_ps'][:].sum(axis=0) == f['counts/links/busy_ps'][:]).all()",
      {workspace.file("run.h5")});
  INFO(added.error);
  CHECK(added.exit_code == 0);

  const Outcome changed = workspace.python(
      "import h5py,sys; f = h5py.File(sys.argv[1], 'a'); "
      "f['synfire/spikes/layer2/time_step'][100] += 1",
      {workspace.file("run.h5")});
  REQUIRE(changed.exit_code == 0);
  const Outcome different = workspace.synfire({"verify", "run.h5"});
  CHECK(different.exit_code == 1);
  CHECK(different.out.find("population layer2, token 0, step ") != std::string::npos);
}

TEST_CASE("run --json of a stimulus says presentations instead of tokens") {
  Workspace workspace;
  write_peer(workspace);
  const Outcome outcome = run(workspace, {"--json", "-"});
  REQUIRE(outcome.exit_code == 0);
  CHECK(json_value(outcome.out, "presentations") == "1");
  CHECK(json_value(outcome.out, "time_steps") == "100");
  CHECK(json_value(outcome.out, "spikes") == "54219");
  CHECK(json_value(outcome.out, "synaptic_operations") == "43278336");
  CHECK(json_value(outcome.out, "layer3").empty() == false);
  for (const char* key : {"text", "prompt_tokens", "generated_tokens"}) {
    CHECK(json_value(outcome.out, key).empty());
  }
  const Outcome quiet = run(workspace, {"--quiet"});
  CHECK(quiet.exit_code == 0);
  CHECK(quiet.out.empty());
}

TEST_CASE("What is about text is refused for a model that reads none") {
  Workspace workspace;
  write_peer(workspace);
  for (const auto& [option, value] : std::map<std::string, std::string>{{"--prompt", "call"},
                                                                        {"--tokens", "1"},
                                                                        {"--temperature", "1"},
                                                                        {"--seed", "1"},
                                                                        {"--at-context", "stop"},
                                                                        {"--compare", "twin"}}) {
    const Outcome outcome = run(workspace, {option, value});
    CHECK(outcome.exit_code == 2);
    CHECK(is_one_line_error(outcome.error));
    CHECK(outcome.error.find("synfire: " + option) == 0);
  }
  const std::string text = workspace.write("text.txt", "call me ishmael");
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, std::vector<std::string>{"--chip", "ideal"}}) {
    std::vector<std::string> arguments{"evaluate", "--model", "peer.h5", "--text", text};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = workspace.synfire(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(is_one_line_error(outcome.error));
    CHECK(outcome.error.find("reads no text") != std::string::npos);
  }
}

TEST_CASE("info and map take a network with a stimulus, or with nothing to run it on") {
  Workspace workspace;
  write_peer(workspace);
  const Outcome info = workspace.synfire({"info", "peer.h5"});
  CHECK(info.exit_code == 0);
  CHECK(info.out.find("15343 input spikes in 1 presentation of 100 time steps") !=
        std::string::npos);
  CHECK(info.out.find("delays                up to 1 time step\n") != std::string::npos);
  for (const char* placement : {"linear", "greedy", "annealing"}) {
    const Outcome mapped =
        workspace.synfire({"map", "--model", "peer.h5", "--placement", placement, "--json", "-"});
    CHECK(mapped.exit_code == 0);
    CHECK(json_value(mapped.out, "neurocores") == "24");
  }
  remove_stimulus(workspace);
  CHECK(workspace.synfire({"info", "peer.h5"}).exit_code == 0);
  CHECK(workspace.synfire({"map", "--model", "peer.h5"}).exit_code == 0);
  const Outcome refused = run(workspace, {});
  CHECK(refused.exit_code == 2);
  CHECK(is_one_line_error(refused.error));
  CHECK(refused.error.find("neither /text nor /stimulus") != std::string::npos);
}

}  // namespace synfire::test
