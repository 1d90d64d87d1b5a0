// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

constexpr int bad_input = 2;

/// Exit status 2, one line that names `place`, nothing on standard output, no new file.
void check_refused(const Workspace& workspace, const std::vector<std::string>& arguments,
                   const std::string& place) {
  const auto before = workspace.names();
  const Outcome outcome = workspace.synfire(arguments);
  INFO(outcome.error);
  CHECK(outcome.exit_code == bad_input);
  CHECK(is_one_line_error(outcome.error));
  CHECK(outcome.error.find(place) != std::string::npos);
  CHECK(outcome.out.empty());
  CHECK(workspace.names() == before);
}

}  // namespace

TEST_CASE("evaluate and info refuse a text that is not UTF-8, is empty, or is not there") {
  Workspace workspace;
  workspace.write_model();
  workspace.write("latin.txt", "caf\xe9 au lait\n");
  workspace.write("empty.txt", "");
  workspace.write("digits.txt", "12 34\n");
  for (const std::string command : {"evaluate", "info"}) {
    const auto with = [&](const std::string& text) {
      return command == "info"
                 ? std::vector<std::string>{"info", "--corpus", text}
                 : std::vector<std::string>{"evaluate", "--model", "model.h5", "--text", text};
    };
    check_refused(workspace, with("latin.txt"), "latin.txt: byte 3 (0xe9) is not UTF-8");
    check_refused(workspace, with("empty.txt"), "text");
    check_refused(workspace, with("none.txt"), "none.txt: cannot be read");
  }
  check_refused(workspace, {"info", "--corpus", "empty.txt", "--level", "word"},
                "empty.txt: has no word that occurs 6 times");
  check_refused(workspace, {"info", "--corpus", "empty.txt", "--level", "syllable"}, "--level");
  check_refused(workspace, {"info", "--level", "word"}, "--corpus");
}

TEST_CASE("run refuses a missing model") {
  Workspace workspace;
  check_refused(workspace, {"run", "--model", "none.h5"}, "none.h5");
}

TEST_CASE("run refuses a truncated model") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  std::filesystem::resize_file(model, std::filesystem::file_size(model) / 2);
  check_refused(workspace, {"run", "--model", model}, "model.h5");
}

TEST_CASE("run refuses a file that is not HDF5") {
  Workspace workspace;
  const std::string model = workspace.write("model.h5", "PK\x03\x04 something else altogether\n");
  check_refused(workspace, {"run", "--model", model}, "model.h5");
}

TEST_CASE("run refuses an HDF5 file that is no model") {
  Workspace workspace;
  REQUIRE(workspace.python("import h5py,sys; h5py.File(sys.argv[1],'w')['x']=1", {"other.h5"})
              .exit_code == 0);
  check_refused(workspace, {"run", "--model", "other.h5"}, "other.h5");
}

TEST_CASE("run refuses weights that are NaN") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  const Outcome edited = workspace.python(R"(
import h5py, numpy, sys
with h5py.File(sys.argv[1], 'r+') as f:
    names = []
    f.visititems(lambda n, o: names.append(n) if n.endswith('weights') and o.size else None)
    shape = f[names[0]].shape
    attributes = dict(f[names[0]].attrs)
    del f[names[0]]
    f[names[0]] = numpy.full(shape, numpy.nan)
    for key, value in attributes.items(): f[names[0]].attrs[key] = value
    print(names[0])
)",
                                          {model});
  INFO(edited.error);
  REQUIRE(edited.exit_code == 0);
  check_refused(workspace, {"run", "--model", model}, "weights");
}

TEST_CASE("run and verify refuse a real-valued model") {
  Workspace workspace;
  workspace.write_model();
  const std::string twin = workspace.write_real_model();
  check_refused(workspace, {"run", "--model", twin}, "real-valued");
  REQUIRE(workspace.synfire({"run", "--model", "model.h5", "--tokens", "1", "--out", "run.h5"})
              .exit_code == 0);
  check_refused(workspace, {"verify", "run.h5", "--model", twin}, "real-valued");
}

TEST_CASE("run refuses a chip file with an unknown key and names file and line") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  Outcome chip = workspace.synfire({"info", "--chip", "ideal"});
  REQUIRE(chip.exit_code == 0);
  const std::string file = workspace.write("chip.yaml", chip.out + "\nneurocoer:\n  neurons: 4\n");
  check_refused(workspace, {"run", "--model", model, "--chip", file}, "chip.yaml:");
  check_refused(workspace, {"run", "--model", model, "--chip", file}, "neurocoer");
}

TEST_CASE("run refuses an unknown preset and lists those there are") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  check_refused(workspace, {"run", "--model", model, "--chip", "loihi-9"}, "loihi-like");
}

TEST_CASE("run refuses a chip on which the model does not fit and names what ran out") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  check_refused(workspace,
                {"run", "--model", model, "--set", "grid.width=1", "--set", "grid.height=1",
                 "--set", "grid.cores_per_tile=1", "--set", "neurocore.neurons=8"},
                "neuron");
}

TEST_CASE("run refuses an override of an unknown key") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  check_refused(workspace, {"run", "--model", model, "--set", "grid.widht=3"}, "grid.widht");
}

TEST_CASE("run refuses GraphML files that are missing, disconnected or not asked for") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  workspace.write("apart.graphml",
                  "<graphml><graph edgedefault=\"undirected\"><node id=\"a\"/><node id=\"b\"/>"
                  "<node id=\"c\"/><edge source=\"a\" target=\"b\"/></graph></graphml>");
  const auto graph = [&](const std::vector<std::string>& more, const std::string& place) {
    std::vector<std::string> arguments{"run", "--model", model, "--set",
                                       "routing.kind=shortest_path"};
    for (const std::string& setting : more) arguments.insert(arguments.end(), {"--set", setting});
    check_refused(workspace, arguments, place);
  };
  graph({"grid.topology=graphml"}, "grid.graph: is missing");
  graph({"grid.topology=graphml", "grid.graph=none.graphml"}, "none.graphml cannot be read");
  graph({"grid.topology=graphml", "grid.graph=apart.graphml"}, "apart.graphml:1: node `a`");
  graph({"grid.graph=apart.graphml"}, "grid.graph: has no effect");
}

TEST_CASE("a named pipe in place of a chip or GraphML file is refused, not waited for") {
  Workspace workspace;
  workspace.write_model();
  REQUIRE(workspace.shell("mkfifo pipe.yaml").exit_code == 0);
  for (const char* arguments :
       {"run --model model.h5 --chip pipe.yaml",
        "run --model model.h5 --set grid.topology=graphml --set routing.kind=shortest_path "
        "--set grid.graph=pipe.yaml"}) {
    const Outcome outcome = workspace.shell("timeout 20 \"$SYNFIRE\" " + std::string(arguments));
    INFO(outcome.error);
    CHECK(outcome.exit_code == bad_input);  // timeout says 124
    CHECK(is_one_line_error(outcome.error));
    CHECK(outcome.error.find("pipe.yaml") != std::string::npos);
  }
}

TEST_CASE("run refuses networks through which nothing can pass, with the line of the chip file") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  const Outcome chip = workspace.synfire({"info", "--chip", "loihi-like"});
  REQUIRE(chip.exit_code == 0);
  const auto with = [&](const std::string& key, const std::string& value,
                        const std::string& place) {
    std::istringstream lines(chip.out);
    std::string text;
    int number = 0;
    int changed = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      const bool is_it = line.starts_with("  " + key + ":") && changed == 0;
      if (is_it) changed = number;
      text += (is_it ? "  " + key + ": " + value : line) + "\n";
    }
    const std::string file = workspace.write("chip.yaml", text);
    check_refused(workspace, {"run", "--model", model, "--chip", file}, place);
    check_refused(workspace, {"run", "--model", model, "--chip", file},
                  "chip.yaml:" + std::to_string(changed) + ": ");
  };
  with("  bandwidth", "0 B/ns", "unlimited");
  with("buffer_depth", "0 packets", "flow_control.buffer_depth");
  with("drop_rate", "-1 %", "faults.drop_rate");
  with("drop_rate", "100.1 %", "faults.drop_rate");
  with("drop_rate", "0.1", "has no unit");
}

TEST_CASE("run refuses a torus whose packets can wait for each other, and says what to do") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  const std::vector<std::string> torus{"run",
                                       "--model",
                                       model,
                                       "--set",
                                       "grid.topology=torus",
                                       "--set",
                                       "flow_control.kind=credit",
                                       "--set",
                                       "routing.virtual_channels=1"};
  check_refused(workspace, torus, "routing.virtual_channels");
  check_refused(workspace, torus, "set routing.virtual_channels=2");
}

TEST_CASE("run refuses faults of more parts than there are") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  const auto refused = [&](const std::vector<std::string>& settings, const std::string& place) {
    for (const char* command : {"run", "evaluate"}) {
      std::vector<std::string> arguments{command, "--model", model, "--chip", "loihi-like"};
      if (arguments[0] == "evaluate") {
        arguments.insert(arguments.end(), {"--text", workspace.file("text.txt")});
      }
      for (const std::string& setting : settings) {
        arguments.insert(arguments.end(), {"--set", setting});
      }
      check_refused(workspace, arguments, place);
    }
  };
  workspace.write("text.txt", "call me ishmael. some years ago");
  refused({"faults.dead_links=100000"}, "or fewer");
  refused({"faults.dead_cores=1000"}, "or fewer");
  refused({"faults.stuck_silent_rate=60 %", "faults.stuck_firing_rate=60 %"}, "passes 100 %");
}

TEST_CASE("evaluate refuses settings without a chip, and attention limits with one") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  const std::string text = workspace.write("text.txt", "call me ishmael. some years ago");
  check_refused(workspace,
                {"evaluate", "--model", model, "--text", text, "--set", "faults.dead_cores=1"},
                "--chip");
  check_refused(
      workspace,
      {"evaluate", "--model", model, "--text", text, "--chip", "ideal", "--attention-limit", "3"},
      "--attention-limit");
  check_refused(workspace, {"evaluate", "--model", model, "--text", text, "--characters", "-1"},
                "--characters");
}

TEST_CASE("run refuses prompts that cleaning would cut or that are empty") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  check_refused(workspace, {"run", "--model", model, "--prompt", "chapter 42"}, "prompt");
  check_refused(workspace, {"run", "--model", model, "--prompt", "caf\xc3\xa9"}, "prompt");
  check_refused(workspace, {"run", "--model", model, "--prompt", ""}, "prompt");
}

TEST_CASE("run refuses a prompt longer than the context") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  check_refused(workspace, {"run", "--model", model, "--prompt", std::string(33, 'a')}, "prompt");
}

TEST_CASE("run refuses numbers out of range") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  check_refused(workspace, {"run", "--model", model, "--tokens", "-1"}, "--tokens");
  check_refused(workspace, {"run", "--model", model, "--tokens", "many"}, "--tokens");
  check_refused(workspace, {"run", "--model", model, "--temperature", "-0.5"}, "temperature");
  check_refused(workspace, {"run", "--model", model, "--threads", "0"}, "--threads");
  check_refused(workspace, {"run", "--model", model, "--parallel", "both"}, "--parallel");
  check_refused(workspace, {"run", "--model", model, "--seed", "-3"}, "--seed");
  check_refused(workspace, {"run", "--model", model, "--tokens", "4294967296"}, "--tokens");
  check_refused(workspace, {"run", "--model", model, "--threads", "1025"}, "--threads");
}

TEST_CASE("run refuses outputs that cannot be written") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  check_refused(workspace, {"run", "--model", model, "--out", "no/such/folder/run.h5"},
                "no/such/folder/run.h5");
  check_refused(workspace, {"run", "--model", model, "--json", "no/such/folder/run.json"},
                "no/such/folder/run.json");
  check_refused(workspace, {"run", "--model", model, "--out", "."}, "directory");
  check_refused(workspace, {"run", "--model", model, "--json", "/dev/null"}, "/dev/null");
}

TEST_CASE("run refuses to write over its own inputs and outputs") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  check_refused(workspace, {"run", "--model", model, "--out", model}, "model.h5");
  check_refused(workspace, {"run", "--model", model, "--json", "./model.h5"}, "model.h5");
  check_refused(workspace, {"run", "--model", model, "--out", "a", "--json", "./a"}, "another");
}

TEST_CASE("run refuses records of what a model lacks") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  const auto record = [&](const std::string& request, const std::string& place) {
    check_refused(workspace, {"run", "--model", model, "--out", "run.h5", "--record", request},
                  place);
  };
  record("voltages:head.input", "--record");
  record("potentials:head.inptu", "head.input");
  record("potentials:residual0[0:2]", "without membranes");
  record("potentials:head.input[4:4]", "empty range");
  record("potentials:head.input[0:999]", "24");
  record("potentials:head.input[a:b]", "[i:j]");
  check_refused(workspace,
                {"run", "--model", model, "--out", "run.h5", "--record",
                 "potentials:head.input[0:3]", "--record", "potentials:head.input[2:4]"},
                "overlaps");
  check_refused(workspace, {"run", "--model", model, "--record", "potentials:head.input[0:1]"},
                "--out");
}

TEST_CASE("a command line without a command, or with an unknown one, is refused") {
  Workspace workspace;
  check_refused(workspace, {}, "synfire --help");
  check_refused(workspace, {"dance"}, "dance");
  check_refused(workspace, {"run", "--tokenz", "3"}, "--tokenz");
}

TEST_CASE("verify, evaluate, info and plot refuse files that are missing") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  check_refused(workspace, {"verify", "none.h5"}, "none.h5");
  check_refused(workspace, {"info", "none.h5"}, "none.h5");
  check_refused(workspace, {"plot", "none.h5", "--kind", "raster", "-o", "a.svg"}, "none.h5");
  check_refused(workspace, {"evaluate", "--model", model, "--text", "none.txt"}, "none.txt");
  check_refused(workspace, {"verify", model}, "model.h5");
}

TEST_CASE("a full disk ends a run with one line and leaves nothing that looks whole") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  const Outcome outcome = workspace.shell(
      "trap '' XFSZ; ulimit -f 200; \"$SYNFIRE\" run --model model.h5 --tokens 60 --temperature 1 "
      "--quiet --out run.h5 >/dev/null");
  INFO(outcome.error);
  CHECK(outcome.exit_code == 1);
  CHECK(is_one_line_error(outcome.error));
  CHECK(outcome.error.find("run.h5") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(workspace.file("run.h5")));
}

TEST_CASE("text that standard output does not take ends a run with exit status 1") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  const Outcome outcome =
      workspace.shell("\"$SYNFIRE\" run --model model.h5 --tokens 2 --quiet > /dev/full");
  INFO(outcome.error);
  CHECK(outcome.exit_code == 1);
  CHECK(is_one_line_error(outcome.error));
}

TEST_CASE("a JSON summary that cannot be written whole leaves no file") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  const Outcome outcome = workspace.shell(
      "trap '' XFSZ; ulimit -f 1; \"$SYNFIRE\" run --model model.h5 --tokens 2 --quiet "
      "--json run.json >/dev/null");
  INFO(outcome.error);
  CHECK(outcome.exit_code == 1);
  CHECK(is_one_line_error(outcome.error));
  CHECK_FALSE(std::filesystem::exists(workspace.file("run.json")));
}

TEST_CASE("info --recover refuses to write over what it reads") {
  Workspace workspace;
  const std::string part = workspace.write("x.part", "anything");
  check_refused(workspace, {"info", "--recover", part, "-o", "./x.part"}, "another file");
}

TEST_CASE("a full disk is a failure of the work, not bad input, whatever the command") {
  Workspace workspace;
  const std::string model = workspace.write_model();
  workspace.write("text.txt", "call me ishmael. some years ago, never mind how long.");
  REQUIRE(
      workspace
          .synfire({"run", "--model", "model.h5", "--tokens", "3", "--out", "run.h5", "--quiet"})
          .exit_code == 0);
  const auto check_failed = [&](const std::string& line) {
    const auto before = workspace.names();
    const Outcome outcome = workspace.shell("trap '' XFSZ; ulimit -f 0; \"$SYNFIRE\" " + line);
    INFO(line << ": " << outcome.error);
    CHECK(outcome.exit_code == 1);
    CHECK(workspace.names() == before);
  };
  check_failed("evaluate --model model.h5 --text text.txt --quiet --json e.json >/dev/null");
  check_failed("verify run.h5 --quiet --json v.json >/dev/null");
  check_failed("plot run.h5 --kind energy -o energy.svg");
  for (const char* line : {"evaluate --model model.h5 --text text.txt --quiet", "info",
                           "info model.h5", "verify run.h5 --quiet", "info --chip ideal"}) {
    const Outcome outcome = workspace.shell("\"$SYNFIRE\" " + std::string(line) + " >/dev/full");
    INFO(line << ": " << outcome.error);
    CHECK(outcome.exit_code == 1);
    CHECK(is_one_line_error(outcome.error));
  }
}

}  // namespace synfire::test
