// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

constexpr int bad_input = 2;

/// Runs four tokens on `chip` into run.h5; the JSON summary.
std::string recorded_run(const Workspace& workspace, const std::string& chip) {
  workspace.write_model();
  const Outcome run =
      workspace.synfire({"run", "--model", "model.h5", "--tokens", "4", "--chip", chip, "--set",
                         "operating_point.network_voltage=80 %", "--out", "run.h5", "--json", "-"});
  INFO(run.error);
  REQUIRE(run.exit_code == 0);
  return run.out;
}

Outcome reprice(const Workspace& workspace, std::vector<std::string> more) {
  more.insert(more.begin(), {"info", "run.h5", "--reprice"});
  return workspace.synfire(more);
}

}  // namespace

TEST_CASE("info --reprice with the run's own chip says what the run said") {
  Workspace workspace;
  const std::string run = recorded_run(workspace, "loihi-like");
  const Outcome outcome = reprice(workspace, {"loihi-like", "--json", "-"});
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  const auto energy = [](const std::string& json) {
    return json.substr(json.find("\"energy_j\""),
                       json.find("\"by_population\"") - json.find("\"energy_j\""));
  };
  CHECK(energy(outcome.out) == energy(run));
  CHECK(json_value(outcome.out, "energy_j_as_recorded") == json_value(outcome.out, "total"));
  const Outcome table = reprice(workspace, {"loihi-like"});
  CHECK(table.out.find("chip account: what loihi-like did") == 0);
  CHECK(table.out.find("synaptic_operation") != std::string::npos);
}

TEST_CASE("info --reprice takes a part of a chip file and overrides, and writes JSON to a file") {
  Workspace workspace;
  recorded_run(workspace, "ideal");
  workspace.write("table.yaml", "energy: {host_bit: 0 pJ}\n");
  const Outcome outcome =
      reprice(workspace, {"table.yaml", "--set", "energy.spike_out=0 pJ", "--json", "out.json"});
  INFO(outcome.error);
  REQUIRE(outcome.exit_code == 0);
  CHECK(outcome.out.find("prices: 2; keys of timing and structure, ignored: 0") !=
        std::string::npos);
  const std::string json = workspace.shell("cat out.json").out;
  CHECK(std::stod(json_value(json, "host_bit")) == 0);
  CHECK(std::stod(json_value(json, "spike_out")) == 0);
  CHECK(std::stod(json_value(json, "neuron_update")) > 0);
  const Outcome other = reprice(workspace, {"digital-22nm"});
  CHECK(other.out.find("ignored: 0") == std::string::npos);
}

TEST_CASE("The accounts in a recording are those that the run printed") {
  Workspace workspace;
  recorded_run(workspace, "horowitz-45nm");
  workspace.write(
      "again.json",
      workspace
          .synfire({"run", "--model", "model.h5", "--tokens", "4", "--chip", "horowitz-45nm",
                    "--set", "operating_point.network_voltage=80 %", "--json", "-"})
          .out);
  const Outcome compared = workspace.python(R"(
import h5py, json
run = json.load(open('again.json'))['energy_j']
with h5py.File('run.h5') as f:
    chip = f['/synfire/accounts/chip']
    for name in ('total', 'dynamic', 'static'):
        assert chip[name][()] == run[name], name
    for part in ('component', 'action', 'layer', 'population'):
        names = [name.decode() for name in chip[part + '_names'][()]]
        assert dict(zip(names, chip['by_' + part][()])) == run['by_' + part], part
    arithmetic = f['/synfire/accounts/arithmetic']
    for name in ('spiking', 'artificial_as_published', 'artificial_corrected'):
        assert arithmetic[name][()] == run['arithmetic'][name], name
    def units(name, item):
        assert isinstance(item, h5py.Group) or 'units' in item.attrs, name
    f['/synfire/accounts'].visititems(units)
)",
                                            {});
  INFO(compared.error);
  CHECK(compared.exit_code == 0);
}

TEST_CASE("info --reprice prices the twins of a run, too, and recordings hold their accounts") {
  Workspace workspace;
  workspace.write_model();
  const Outcome run =
      workspace.synfire({"run", "--model", "model.h5", "--tokens", "4", "--compare", "twin,ann",
                         "--out", "run.h5", "--quiet", "--json", "run.json"});
  INFO(run.error);
  REQUIRE(run.exit_code == 0);
  const Outcome own = reprice(workspace, {"loihi-like", "--json", "own.json"});
  INFO(own.error);
  REQUIRE(own.exit_code == 0);
  CHECK(own.out.find("function not equal") != std::string::npos);
  REQUIRE(reprice(workspace, {"horowitz-45nm", "--json", "other.json"}).exit_code == 0);
  const Outcome compared = workspace.python(R"(
import h5py, json
own, other = json.load(open('own.json'))['twins'], json.load(open('other.json'))['twins']
with h5py.File('run.h5') as f:
    for kind in ('twin', 'ann'):
        total = f['/synfire/accounts/' + kind + '/total'][()]
        assert total > 0
        assert own[kind]['energy_j']['total'] == total == own[kind]['energy_j_as_recorded']
        assert other[kind]['energy_j_as_recorded'] == total != other[kind]['energy_j']['total']
)",
                                            {});
  INFO(compared.error);
  CHECK(compared.exit_code == 0);
}

TEST_CASE("info --reprice refuses what is no price and no recording, naming the place") {
  Workspace workspace;
  recorded_run(workspace, "ideal");
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& place) {
    const Outcome outcome = workspace.synfire(arguments);
    INFO(outcome.error);
    CHECK(outcome.exit_code == bad_input);
    CHECK(is_one_line_error(outcome.error));
    CHECK(outcome.error.find(place) != std::string::npos);
    CHECK(outcome.out.empty());
  };
  workspace.write("bad.yaml", "energy:\n  axon_in: -3 pJ\n");
  refused({"info", "run.h5", "--reprice", "bad.yaml"}, "bad.yaml:2: energy.axon_in");
  refused({"info", "run.h5", "--reprice", "none.yaml"}, "none.yaml");
  refused({"info", "run.h5", "--reprice", "loihi"}, "loihi-like");
  refused({"info", "run.h5", "--reprice", "ideal", "--set", "host.latency=1 ns"}, "host.latency");
  refused({"info", "model.h5", "--reprice", "ideal"}, "not a recording");
  refused({"info", "run.h5", "--reprice", "ideal", "--json", "run.h5"}, "run.h5");
  refused({"info", "--reprice", "ideal"}, "requires file");
  refused({"info", "run.h5", "--set", "energy.axon_in=1 pJ"}, "--reprice");
}

}  // namespace synfire::test
