// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

Outcome run(const Workspace& workspace, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"run", "--model", "model.h5", "--prompt", "Call me!"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return workspace.synfire(arguments);
}

}  // namespace

TEST_CASE("run --compare prints spiking against its twins and names the account") {
  Workspace workspace;
  workspace.write_model();
  const Outcome outcome = run(workspace, {"--tokens", "5", "--compare", "twin,ann"});
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  for (const char* words :
       {"quantised twin, ", "artificial twin, 8 bit", "function is not equal",
        "chip account of each", "energy a token", "time a token", "bits x hops a token",
        "dynamic energy a token, by layer", "time that a layer works on a token",
        "the energy of the quantised twin, in the chip account of loihi-like"}) {
    INFO(words);
    CHECK(outcome.out.find(words) != std::string::npos);
  }
  std::size_t begin = outcome.out.find("dense twins");
  for (std::size_t end = outcome.out.find('\n', begin); end != std::string::npos;
       begin = end + 1, end = outcome.out.find('\n', begin)) {
    CHECK(end - begin <= 100);
  }
  const Outcome alone = run(workspace, {"--tokens", "5"});
  CHECK(alone.out.find("dense twins") == std::string::npos);
}

TEST_CASE("run --compare changes nothing of the run; JSON has the twins, energy adds up") {
  Workspace workspace;
  workspace.write_model();
  const Outcome alone = run(workspace, {"--tokens", "5", "--json", "-"});
  const Outcome compared =
      run(workspace, {"--tokens", "5", "--compare", "ann", "--compare", "twin", "--json", "-"});
  REQUIRE(compared.exit_code == 0);
  const Outcome parsed = workspace.python(
      "import json,sys\n"
      "alone, both = (json.loads(text) for text in sys.argv[1:])\n"
      "twins = both.pop('compare')\n"
      "for run in (alone, both):\n"
      "  for key in ('wall_s', 'events_per_wall_s', 'peak_rss_bytes'): del run[key]\n"
      "assert alone == both\n"
      "assert sorted(twins) == ['ann', 'spiking', 'twin']\n"
      "for kind, bits in (('ann', 8), ('twin', None)):\n"
      "  twin = twins[kind]\n"
      "  energy = twin['energy_j']\n"
      "  assert bits in (None, twin['activation_bits'])\n"
      "  assert not twin['function_equal'] and twin['account'] == 'chip'\n"
      "  assert abs(sum(energy['by_layer'].values()) - energy['dynamic']) < 1e-9 * "
      "energy['total']\n"
      "  assert sum(twin['bit_hops_by_layer'].values()) == twin['bit_hops']\n"
      "  assert twin['latency_s_per_token'] > 0 and twin['packets'] > 0\n"
      "  ratio = both['energy_j']['total'] / energy['total']\n"
      "  assert abs(ratio - twin['energy_spiking_over_twin']) < 1e-12\n"
      "print('agreed')",
      {alone.out, compared.out});
  INFO(parsed.error);
  CHECK(parsed.out == "agreed\n");
}

TEST_CASE("run --compare works past the context, on every preset and synchronisation") {
  Workspace workspace;
  workspace.write_model();
  for (const std::string chip : {"loihi-like", "horowitz-45nm", "ideal"}) {
    for (const std::string kind : {"dataflow", "barrier"}) {
      INFO(chip << " " << kind);
      const Outcome outcome =
          run(workspace, {"--tokens", "40", "--chip", chip, "--set", "synchronisation.kind=" + kind,
                          "--compare", "twin,ann", "--json", "-"});
      INFO(outcome.error);
      REQUIRE(outcome.exit_code == 0);
      CHECK(json_value(outcome.out, "reingested_tokens") != "0");
    }
  }
}

TEST_CASE("run --compare refuses a twin that it does not know and a chip that does not price it") {
  Workspace workspace;
  workspace.write_model();
  const Outcome unknown = run(workspace, {"--compare", "dense"});
  CHECK(unknown.exit_code == 2);
  CHECK(is_one_line_error(unknown.error));
  CHECK(unknown.error.find("twin (quantised), ann (artificial)") != std::string::npos);
  const Outcome chip = workspace.shell(
      "$SYNFIRE info --chip ideal | grep -v multiply_accumulate_bit > mine.yaml; "
      "$SYNFIRE run --model model.h5 --prompt a --tokens 1 --chip mine.yaml --compare twin");
  CHECK(chip.exit_code == 2);
  CHECK(is_one_line_error(chip.error));
  CHECK(chip.error.find("energy.multiply_accumulate_bit") != std::string::npos);
}

TEST_CASE("run --compare refuses a network that is dense in part") {
  const Workspace workspace;
  workspace.write_model("model.h5", 2);
  CHECK(run(workspace, {"--tokens", "1"}).exit_code == 0);
  const Outcome dense = run(workspace, {"--tokens", "1", "--compare", "twin", "--out", "run.h5"});
  CHECK(dense.exit_code == 2);
  CHECK(is_one_line_error(dense.error));
  CHECK(dense.error.find("populations: work on numbers in part") != std::string::npos);
  CHECK(dense.error.find("leave --compare out") != std::string::npos);
  CHECK(workspace.names() == std::vector<std::string>{"model.h5"});
}

}  // namespace synfire::test
