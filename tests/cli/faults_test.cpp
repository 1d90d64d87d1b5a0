// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

Outcome run(const Workspace& workspace, const std::vector<std::string>& settings,
            const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"run",      "--model",  "model.h5", "--prompt",
                                     "Call me!", "--tokens", "8"};
  for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return workspace.synfire(arguments);
}

Outcome evaluate(const Workspace& workspace, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"evaluate", "--model", "model.h5", "--text",
                                     "text.txt", "--json",  "-"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return workspace.synfire(arguments);
}

void write_text(const Workspace& workspace) {
  workspace.write("text.txt",
                  "call me ishmael. some years ago, never mind how long precisely, having little "
                  "or no money in my purse, and nothing particular to interest me on shore, i "
                  "thought i would sail about a little and see the watery part of the world.");
}

}  // namespace

TEST_CASE("a run with faults says what was injected, what was lost and how the prompt fared") {
  Workspace workspace;
  workspace.write_model();
  // Small neurocores, so that the model needs several.
  const std::vector<std::string> faults{"faults.drop_rate=10 %", "faults.dead_cores=1",
                                        "faults.stuck_firing_rate=5 %", "faults.seed=3",
                                        "neurocore.neurons=64"};
  const Outcome table = run(workspace, faults);
  INFO(table.out << table.error);
  REQUIRE(table.exit_code == 0);
  for (const char* words :
       {"lost by faults", "faults of this run", "drop_rate 10 %", "dead_cores 1",
        "stuck_firing_rate 5 %", "seed 3", "bits per character, 8 predicted"}) {
    INFO(words);
    CHECK(table.out.find(words) != std::string::npos);
  }
  const Outcome json = run(workspace, faults, {"--json", "-"});
  REQUIRE(json.exit_code == 0);
  const Outcome parsed = workspace.python(
      "import json,sys; d=json.loads(sys.argv[1]); l=d['lost']; f=d['faults']; "
      "assert l['total']==l['dropped']+l['dead_link']+l['dead_core']; "
      "assert l['dropped']>0 and l['dead_core']>0; "
      "assert f['drop_rate']==0.1 and f['seed']==3 and len(f['dead_cores'])==1; "
      "assert f['stuck_firing_neurons']>0 and f['stuck_silent_neurons']==0; "
      "print(d['bits_per_character_of_prompt']>0)",
      {json.out});
  INFO(parsed.error);
  CHECK(parsed.out == "True\n");
}

TEST_CASE("a run without faults says nothing of them") {
  Workspace workspace;
  workspace.write_model();
  const Outcome table = run(workspace, {});
  REQUIRE(table.exit_code == 0);
  CHECK(table.out.find("fault") == std::string::npos);
  const Outcome json = run(workspace, {}, {"--json", "-"});
  CHECK(json.out.find("\"faults\"") == std::string::npos);
  CHECK_FALSE(json_value(json.out, "bits_per_character_of_prompt").empty());
}

TEST_CASE("verify names the faults of a run with their numbers and does not pass it") {
  Workspace workspace;
  workspace.write_model();
  const Outcome json = run(workspace, {"faults.drop_rate=20 %", "faults.seed=2"},
                           {"--out", "run.h5", "--json", "-"});
  REQUIRE(json.exit_code == 0);
  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  INFO(verified.out << verified.error);
  CHECK(verified.exit_code == 1);
  CHECK(verified.out.rfind("different: ", 0) == 0);
  CHECK(verified.out.find("this run had faults: drop_rate 20 % (") != std::string::npos);
  CHECK(verified.out.find("deliveries lost), seed 2") != std::string::npos);
  const Outcome info = workspace.synfire({"info", "run.h5"});
  CHECK(info.out.find("drop_rate 20 %") != std::string::npos);
}

TEST_CASE("verify does not pass a run whose faults changed nothing, and says so") {
  Workspace workspace;
  workspace.write_model();
  REQUIRE(run(workspace, {"faults.drop_rate=1 ppb"}, {"--out", "run.h5"}).exit_code == 0);
  const Outcome verified = workspace.synfire({"verify", "run.h5", "--json", "run.json"});
  INFO(verified.out << verified.error);
  CHECK(verified.exit_code == 1);
  CHECK(verified.out.rfind("identical: ", 0) == 0);
  CHECK(verified.out.find("drop_rate 1 ppb (0 deliveries lost), seed 1") != std::string::npos);
  CHECK(verified.out.find("changed none") == std::string::npos);
  CHECK(verified.out.find("change none of the above") != std::string::npos);
  const Outcome json = workspace.shell("cat run.json");
  CHECK(json_value(json.out, "identical") == "true");
  CHECK(json_value(json.out, "faults").starts_with("drop_rate 1 ppb"));
}

TEST_CASE("flipped bits are of the run, not of the model: verify finds where they show") {
  Workspace workspace;
  workspace.write_model();
  REQUIRE(run(workspace, {"faults.bit_flip_rate=5 %"}, {"--out", "run.h5"}).exit_code == 0);
  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  INFO(verified.out << verified.error);
  CHECK(verified.exit_code == 1);
  CHECK(verified.out.find("bit_flip_rate 5 % (") != std::string::npos);
  CHECK(verified.out.find(" bits in ") != std::string::npos);
}

TEST_CASE("evaluate --chip gives the number of the reference, and another with faults") {
  Workspace workspace;
  workspace.write_model();
  write_text(workspace);
  const Outcome reference = evaluate(workspace, {});
  const Outcome chip = evaluate(workspace, {"--chip", "loihi-like"});
  INFO(reference.error << chip.error);
  REQUIRE(reference.exit_code == 0);
  REQUIRE(chip.exit_code == 0);
  for (const char* key : {"bits_per_character", "accuracy", "characters"}) {
    CHECK(json_value(chip.out, key) == json_value(reference.out, key));
  }
  const Outcome faulty =
      evaluate(workspace, {"--chip", "loihi-like", "--set", "faults.drop_rate=10 %"});
  REQUIRE(faulty.exit_code == 0);
  CHECK(json_value(faulty.out, "bits_per_character") !=
        json_value(reference.out, "bits_per_character"));
  CHECK(json_value(faulty.out, "dropped") != "0");
  const Outcome text =
      workspace.synfire({"evaluate", "--model", "model.h5", "--text", "text.txt", "--chip", "ideal",
                         "--set", "faults.drop_rate=10 %", "--characters", "50"});
  INFO(text.out);
  CHECK(text.out.find("characters scored         50\n") != std::string::npos);
  CHECK(text.out.find("drop_rate 10 %") != std::string::npos);
}

TEST_CASE("evaluate --characters scores the beginning, on a chip and by the reference") {
  Workspace workspace;
  workspace.write_model();
  write_text(workspace);
  const Outcome reference = evaluate(workspace, {"--characters", "40"});
  const Outcome chip = evaluate(workspace, {"--chip", "ideal", "--characters", "40"});
  CHECK(json_value(reference.out, "characters") == "40");
  CHECK(json_value(chip.out, "bits_per_character") ==
        json_value(reference.out, "bits_per_character"));
}

}  // namespace synfire::test
