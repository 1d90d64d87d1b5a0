// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <sstream>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"
#include "topology/chip.hpp"

namespace synfire::test {
namespace {

/// Runs the test model for a few tokens into run.h5; further arguments follow.
Outcome run(const Workspace& workspace, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"run",      "--model",       "model.h5", "--prompt",
                                     "Call me!", "--temperature", "1"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return workspace.synfire(arguments);
}

}  // namespace

TEST_CASE("run prints the text, then the table") {
  Workspace workspace;
  workspace.write_model();
  const Outcome outcome = run(workspace, {"--tokens", "6"});
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out.rfind("call me.", 0) == 0);
  CHECK(outcome.error.empty());
  for (const char* words :
       {"spikes", "packets", "hops", "synaptic operations", "simulated time", "by action",
        "by layer", "chip account", "arithmetic account", "sparsity", "assumed numbers"}) {
    INFO(words);
    CHECK(outcome.out.find(words) != std::string::npos);
  }
}

TEST_CASE("run --quiet prints the text alone, run --json - the summary alone") {
  Workspace workspace;
  workspace.write_model();
  const Outcome text = run(workspace, {"--tokens", "6", "--quiet"});
  REQUIRE(text.exit_code == 0);
  const Outcome json = run(workspace, {"--tokens", "6", "--json", "-"});
  REQUIRE(json.exit_code == 0);
  CHECK(json_value(json.out, "text") + "\n" == text.out);
  const Outcome parsed = workspace.python(
      "import json,sys; d=json.loads(sys.argv[1]); e=d['energy_j']; "
      "assert abs(sum(e['by_action'].values())+e['static']-e['total'])<1e-9*e['total']; "
      "assert abs(sum(e['by_layer'].values())-e['dynamic'])<1e-9*e['total']; "
      "print(d['generated_tokens'])",
      {json.out});
  INFO(parsed.error);
  CHECK(parsed.out == "6\n");
}

TEST_CASE("run with --tokens 0 reads the prompt and generates nothing") {
  Workspace workspace;
  workspace.write_model();
  const Outcome outcome = run(workspace, {"--tokens", "0", "--json", "-"});
  REQUIRE(outcome.exit_code == 0);
  CHECK(json_value(outcome.out, "generated_tokens") == "0");
}

TEST_CASE("the shipped model without attention runs on a chip and is verified") {
  Workspace workspace;
  const Outcome ran = workspace.synfire({"run", "--model", "moby-dick-no-attention", "--tokens",
                                         "5", "--out", "run.h5", "--json", "-"});
  INFO(ran.error);
  REQUIRE(ran.exit_code == 0);
  CHECK(json_value(ran.out, "generated_tokens") == "5");
  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  INFO(verified.error);
  CHECK(verified.exit_code == 0);
  CHECK(verified.out.starts_with("identical"));
}

TEST_CASE("run goes past the context by re-ingesting, or stops there") {
  Workspace workspace;
  workspace.write_model();  // a context of 32 tokens
  const Outcome on = run(workspace, {"--tokens", "40", "--json", "-"});
  REQUIRE(on.exit_code == 0);
  CHECK(json_value(on.out, "generated_tokens") == "40");
  CHECK(json_value(on.out, "reingested_tokens") != "0");
  const Outcome stop = run(workspace, {"--tokens", "40", "--json", "-", "--at-context", "stop"});
  REQUIRE(stop.exit_code == 0);
  CHECK(std::stoi(json_value(stop.out, "generated_tokens")) < 40);
  CHECK(json_value(stop.out, "reingested_tokens") == "0");
}

TEST_CASE("the same arguments give the same text, recording and counts; threads change nothing") {
  Workspace first;
  Workspace second;
  first.write_model();
  second.write_model();
  const std::vector<std::string> arguments{"--tokens", "40",       "--out",
                                           "run.h5",   "--record", "potentials:head.input[0:4]"};
  const Outcome a = run(first, arguments);
  const Outcome b = run(second, arguments);
  REQUIRE(a.exit_code == 0);
  REQUIRE(b.exit_code == 0);
  const Outcome same = first.shell("h5diff --exclude-path /synfire/provenance/volatile run.h5 '" +
                                   second.file("run.h5") + "'");
  CHECK(same.exit_code == 0);
  CHECK(same.out.empty());

  Workspace third;
  third.write_model();
  std::vector<std::string> threaded = arguments;
  threaded.insert(threaded.end(), {"--threads", "2"});
  REQUIRE(run(third, threaded).exit_code == 0);
  const Outcome spikes =
      first.shell("h5diff run.h5 '" + third.file("run.h5") + "' /spikes /spikes");
  CHECK(spikes.exit_code == 0);
}

TEST_CASE("threads share neurocores or tokens: text, recording and summary stay the same") {
  Workspace workspace;
  workspace.write_model();  // a context of 32 tokens
  const auto recorded = [&](const std::string& file, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"--tokens",   "40",           "--out",
                                       file + ".h5", "--record",     "potentials:head.input[0:4]",
                                       "--json",     file + ".json", "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run(workspace, arguments);
    REQUIRE(outcome.exit_code == 0);
    CHECK(outcome.error.empty());
    return outcome.out;
  };
  const std::string text = recorded("one", {});
  const std::vector<std::vector<std::string>> ways = {{"--threads", "2", "--parallel", "cores"},
                                                      {"--threads", "1", "--parallel", "tokens"},
                                                      {"--threads", "3", "--parallel", "tokens"}};
  for (std::size_t i = 0; i < ways.size(); ++i) {
    INFO(ways[i][1] << " threads share " << ways[i][3]);
    const std::string name = "way" + std::to_string(i);
    CHECK(recorded(name, ways[i]) == text);
    const Outcome same = workspace.shell(
        "h5diff --exclude-path /synfire/provenance/volatile one.h5 " + name + ".h5");
    CHECK(same.exit_code == 0);
    CHECK(same.out.empty());
    const Outcome differing = workspace.python(
        "import json, sys; a, b = (json.load(open(f)) for f in sys.argv[1:])\n"
        "print({k for k in {**a, **b} if a.get(k) != b.get(k)} - {'events_per_wall_s', "
        "'peak_rss_bytes', 'wall_s'})",
        {"one.json", name + ".json"});
    CHECK(differing.out == "set()\n");
  }
}

TEST_CASE("faults that change what fires keep threads from sharing tokens, and the run says so") {
  Workspace workspace;
  workspace.write_model();
  const std::vector<std::string> faulty{"--tokens", "6",          "--set", "faults.drop_rate=5 %",
                                        "--quiet",  "--parallel", "tokens"};
  const Outcome tokens = run(workspace, faulty);
  CHECK(tokens.exit_code == 0);
  CHECK(tokens.error.find("goes on with cores") != std::string::npos);
  const Outcome cores = run(workspace, {faulty.begin(), faulty.end() - 2});
  CHECK(cores.error.empty());
  CHECK(cores.out == tokens.out);
}

TEST_CASE("h5py reads the spikes by the SONATA layout and finds as many as the summary says") {
  Workspace workspace;
  workspace.write_model();
  const Outcome outcome = run(workspace, {"--tokens", "12", "--out", "run.h5", "--json", "-"});
  REQUIRE(outcome.exit_code == 0);
  const Outcome read = workspace.python(R"(
import h5py
with h5py.File('run.h5', 'r') as f:
    assert f.attrs['magic'] == 0x0A7A
    assert list(f.attrs['version']) == [0, 1]
    rows = 0
    for name, group in f['spikes'].items():
        assert group['timestamps'].dtype == 'float64', name
        assert group['node_ids'].dtype == 'uint64', name
        assert group['timestamps'].attrs['units'] == 'ms'
        assert len(group['timestamps']) == len(group['node_ids'])
        rows += len(group['node_ids'])
    print(rows)
)",
                                        {});
  INFO(read.error);
  CHECK(read.out == json_value(outcome.out, "spikes") + "\n");
}

TEST_CASE("verify finds a recording identical and says what it compared") {
  Workspace workspace;
  workspace.write_model();
  const std::string tokens = "40";
  const Outcome outcome = run(workspace, {"--tokens", tokens, "--out", "run.h5", "--json", "-"});
  REQUIRE(outcome.exit_code == 0);
  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  INFO(verified.error);
  CHECK(verified.exit_code == 0);
  CHECK(verified.out.rfind("identical", 0) == 0);
  CHECK(verified.out.find(json_value(outcome.out, "spikes") + " spikes") != std::string::npos);
}

TEST_CASE("the shipped model runs on every preset, and its text is the reference's") {
  Workspace workspace;
  std::string text;
  for (const std::string& chip : chip_preset_names()) {
    INFO(chip);
    std::vector<std::string> arguments = {"run",   "--tokens", "20",     "--chip", chip,
                                          "--out", "run.h5",   "--json", "-"};
    if (chip == "truenorth-like") {  // whole neurons: a hidden layer has 768 axons
      for (const char* setting : {"neurocore.axons_in=1024", "neurocore.synapse_memory=256 KiB"}) {
        arguments.insert(arguments.end(), {"--set", setting});
      }
    }
    const Outcome outcome = workspace.synfire(arguments);
    INFO(outcome.error);
    REQUIRE(outcome.exit_code == 0);
    if (text.empty()) text = json_value(outcome.out, "text");
    CHECK(json_value(outcome.out, "text") == text);
    CHECK(workspace.synfire({"verify", "run.h5", "--quiet"}).exit_code == 0);
  }
}

TEST_CASE("every shipped model of integers runs on the default chip and is verified") {
  const Workspace workspace;
  for (const char* model :
       {"moby-dick-population", "moby-dick-no-attention", "moby-dick-ann-integer"}) {
    INFO(model);
    const Outcome outcome = workspace.synfire(
        {"run", "--model", model, "--tokens", "8", "--out", std::string(model) + ".h5", "--quiet"});
    INFO(outcome.error);
    REQUIRE(outcome.exit_code == 0);
    const Outcome verified = workspace.synfire({"verify", std::string(model) + ".h5"});
    INFO(verified.error);
    CHECK(verified.exit_code == 0);
    CHECK(verified.out.starts_with("identical"));
  }
}

TEST_CASE("verify holds on every preset, attention realisation, synchronisation and core size") {
  Workspace workspace;
  workspace.write_model();
  for (const std::string& chip : chip_preset_names()) {
    for (const char* realisation : {"score", "state"}) {
      for (const char* synchronisation : {"dataflow", "barrier"}) {
        const Outcome outcome =
            run(workspace, {"--tokens", "6", "--out", "run.h5", "--quiet", "--chip", chip, "--set",
                            std::string("attention.realisation=") + realisation, "--set",
                            std::string("synchronisation.kind=") + synchronisation, "--set",
                            "neurocore.neurons=64", "--threads", "2"});
        INFO(chip << " " << realisation << " " << synchronisation << ": " << outcome.error);
        REQUIRE(outcome.exit_code == 0);
        CHECK(workspace.synfire({"verify", "run.h5"}).exit_code == 0);
      }
    }
  }
}

TEST_CASE("verify names the population, token, step and neuron of one changed spike") {
  Workspace workspace;
  workspace.write_model();
  REQUIRE(run(workspace, {"--tokens", "12", "--out", "run.h5"}).exit_code == 0);
  const Outcome changed = workspace.python(R"(
import h5py
with h5py.File('run.h5', 'r+') as f:
    ids = f['spikes/block1.attention.key/node_ids']
    row = len(ids) // 2
    same = (f['synfire/spikes/block1.attention.key/token'], f['synfire/spikes/block1.attention.key/time_step'])
    fired = {int(n) for n, t, s in zip(ids, *same) if t == same[0][row] and s == same[1][row]}
    free = next(n for n in range(24) if n not in fired)
    print(same[0][row], same[1][row], ids[row], free)
    ids[row] = free
)",
                                           {});
  INFO(changed.error);
  REQUIRE(changed.exit_code == 0);
  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  INFO(verified.out << verified.error << changed.out);
  CHECK(verified.exit_code == 1);
  std::istringstream words(changed.out);
  std::string token;
  std::string step;
  std::string old_neuron;
  std::string new_neuron;
  words >> token >> step >> old_neuron >> new_neuron;
  const std::string place =
      "population block1.attention.key, token " + token + ", step " + step + ", neuron ";
  const bool names_either = verified.out.find(place + old_neuron) != std::string::npos ||
                            verified.out.find(place + new_neuron) != std::string::npos;
  CHECK(names_either);
}

TEST_CASE("a run that is killed leaves what it had flushed, and info --recover makes it readable") {
  Workspace workspace;
  workspace.write_model();
  const Outcome killed = workspace.shell(
      "\"$SYNFIRE\" run --model model.h5 --tokens 100000 --temperature 1 --quiet --out run.h5 "
      ">text.txt & "
      "for i in $(seq 300); do [ \"$(wc -c <text.txt)\" -gt 200 ] && break; sleep 0.1; done; "
      "kill -9 $!; wait $!");
  INFO(killed.error);
  CHECK(killed.exit_code == 137);
  CHECK_FALSE(std::filesystem::exists(workspace.file("run.h5")));
  REQUIRE(std::filesystem::exists(workspace.file("run.h5.part")));
  const Outcome recovered =
      workspace.synfire({"info", "--recover", "run.h5.part", "-o", "recovered.h5"});
  INFO(recovered.out << recovered.error);
  REQUIRE(recovered.exit_code == 0);
  const Outcome info = workspace.synfire({"info", "recovered.h5"});
  CHECK(info.exit_code == 0);
  CHECK(info.out.find("incomplete") != std::string::npos);
  const Outcome verified = workspace.synfire({"verify", "recovered.h5"});
  INFO(verified.out << verified.error);
  CHECK(verified.exit_code == 0);
  CHECK(verified.out.find("incomplete") != std::string::npos);
}

TEST_CASE("an interrupted run finishes its token, closes the recording and prints the table") {
  Workspace workspace;
  workspace.write_model();
  const Outcome outcome = workspace.shell(
      "\"$SYNFIRE\" run --model model.h5 --tokens 100000 --temperature 1 --out run.h5 >text.txt & "
      "for i in $(seq 300); do [ \"$(wc -c <text.txt)\" -gt 100 ] && break; sleep 0.1; done; "
      "kill -INT $!; wait $!; code=$?; cat text.txt; exit $code");
  INFO(outcome.out << outcome.error);
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.find("chip account") != std::string::npos);
  CHECK(outcome.error.find("interrupted") != std::string::npos);
  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  INFO(verified.out << verified.error);
  CHECK(verified.exit_code == 0);
  CHECK(verified.out.find("incomplete") != std::string::npos);
}

}  // namespace synfire::test
