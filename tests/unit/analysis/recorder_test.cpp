// SPDX-License-Identifier: Apache-2.0
#include "analysis/recorder.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/recording.hpp"
#include "analysis/recover.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"
#include "tests/support/recorded_run.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace synfire;
using synfire::test::RecordedRun;
using synfire::test::TemporaryFolder;

namespace {

/// Runs h5py on `file`; the script sees the open file as `f`.
bool python_agrees(const TemporaryFolder& folder, const std::filesystem::path& file,
                   const std::string& script) {
  std::ofstream(folder / "check.py") << "import sys, h5py, numpy\nf = h5py.File(sys.argv[1], 'r')\n"
                                     << script;
  const std::string command =
      "/usr/bin/python3 " + (folder / "check.py").string() + " " + file.string();
  return std::system(command.c_str()) == 0;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const IoError& error) {
    return error.what();
  }
  return "no error";
}

/// Names of the files of a folder.
std::vector<std::string> names_in(const TemporaryFolder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

}  // namespace

TEST_CASE("Recorder: what a run reports is read back as it was") {
  const TemporaryFolder folder;
  RecordedRun run(1);
  run.record(folder / "run.h5");
  CHECK(names_in(folder) == std::vector<std::string>{"run.h5"});

  const Recording recording(folder / "run.h5");
  CHECK(recording.is_complete());
  CHECK(recording.time_steps() == run.network().time_steps());
  CHECK(recording.model_identity() == "0123");
  CHECK(recording.alphabet() == run.model().text.alphabet);
  CHECK(recording.chip_yaml() == to_yaml(run.chip()));
  CHECK(recording.run_text("prompt") == "a prompt");
  CHECK(recording.run_text("text") == "the text");
  CHECK(recording.run_integer("seed") == 7);
  CHECK(recording.run_real("temperature") == 0.25);
  CHECK_FALSE(recording.has_run_value("nothing"));
  CHECK(recording.provenance_text("version") == "1.2.3");
  CHECK(recording.provenance_text("volatile/host") == "here");
  CHECK_FALSE(recording.provenance_text("nothing").has_value());
  CHECK(std::ranges::equal(recording.slices(), run.mapping().slices));

  const test::RecordLog& log = run.log();
  CHECK(recording.total_spike_count() == log.spikes.size());
  for (std::uint32_t i = 0; i < run.network().populations().size(); ++i) {
    const PopulationId id{i};
    INFO(run.network().populations()[i].name);
    CHECK(recording.find(run.network().populations()[i].name) == id);
    CHECK(test::equal(recording.spikes(id, 0, recording.spike_count(id)), log.spikes_of(id)));
    CHECK(test::equal(recording.potentials(id, 0, recording.potential_count(id)),
                      log.potentials_of(id)));
  }
  CHECK(test::equal(recording.steps(0, recording.step_count()), log.steps));
  CHECK_FALSE(log.packets.empty());
  CHECK(test::equal(recording.packets(0, recording.packet_count()), log.packets));
  const std::vector<RecordedToken> tokens = recording.tokens();
  REQUIRE(tokens.size() == log.tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    CHECK(tokens[i].token == log.tokens[i].token);
    CHECK(tokens[i].injected == log.tokens[i].injected);
    CHECK(tokens[i].finished == log.tokens[i].finished);
    CHECK(tokens[i].id == (i == 0 ? unnamed_token : run.tokens()[i]));
    CHECK(recording.logits(i, 1) == log.logits[i]);
  }
}

TEST_CASE("Recorder: counters are read back as they were") {
  const TemporaryFolder folder;
  RecordedRun run(2);
  run.record(folder / "run.h5");
  const std::optional<SimulationTotals> totals = Recording(folder / "run.h5").totals();
  REQUIRE(totals.has_value());
  const SimulationTotals& expected = run.totals();
  CHECK(totals->now == expected.now);
  CHECK(totals->events == expected.events);
  CHECK(totals->spikes == expected.spikes);
  CHECK(totals->packets_injected == expected.packets_injected);
  CHECK(totals->hops == expected.hops);
  CHECK(totals->waiting == expected.waiting);
  CHECK(totals->slices == expected.slices);
  CHECK(totals->links == expected.links);
  CHECK(totals->spikes_per_population == expected.spikes_per_population);
  CHECK(totals->neuron_steps_per_population == expected.neuron_steps_per_population);
  CHECK(totals->spikes_per_neuron == expected.spikes_per_neuron);
  CHECK((totals->link_use == expected.link_use));
  CHECK((totals->core_use == expected.core_use));
  CHECK((*totals == expected));
}

TEST_CASE("Recorder: what faults hit and what was lost are read back as they were") {
  const TemporaryFolder folder;
  RecordedRun run(2);
  run.record(folder / "sound.h5");
  CHECK_FALSE(Recording(folder / "sound.h5").faults().has_value());
  CHECK(Recording(folder / "sound.h5").totals()->lost == LossCounts{});

  run.inject({.seed = 5,
              .drop_rate = 200'000'000,
              .dead_links = 1,
              .dead_cores = 1,
              .stuck_silent_rate = 100'000'000,
              .stuck_firing_rate = 100'000'000});
  run.record(folder / "faulty.h5");
  const Recording recording(folder / "faulty.h5");
  CHECK(recording.faults() == run.description().faults);
  CHECK(recording.faults()->stuck_neurons(true) > 0);
  CHECK(recording.chip().faults == run.chip().faults);
  CHECK(recording.totals()->lost == run.totals().lost);
  CHECK(recording.totals()->lost.dropped > 0);
}

TEST_CASE("Recorder: a chip of a GraphML file is read back without the file") {
  const TemporaryFolder folder;
  RecordedRun run(2);
  const std::string text =
      "<graphml><graph edgedefault=\"undirected\"><node id=\"west\"/><node id=\"east\"/>"
      "<edge source=\"west\" target=\"east\"/></graph></graphml>";
  run.use_graph(text);
  run.record(folder / "run.h5");
  const Recording recording(folder / "run.h5");
  CHECK(recording.chip().grid.graphml == text);
  CHECK(recording.chip() == parse_chip(to_yaml(run.chip()), "chip", {}, {.graphml = text}));
  CHECK(recording.totals()->link_use.size() == run.totals().link_use.size());
}

TEST_CASE("Recorder: h5py finds SONATA's layout, units everywhere, as many rows as spikes") {
  const TemporaryFolder folder;
  RecordedRun run(3);
  run.record(folder / "run.h5");
  const std::string spikes = std::to_string(run.totals().spikes);
  CHECK(python_agrees(folder, folder / "run.h5", R"(
assert f.attrs['magic'] == 0x0A7A and f.attrs['magic'].dtype == 'uint32'
assert list(f.attrs['version']) == [0, 1] and f.attrs['version'].dtype == 'uint32'
rows = 0
for name, group in f['spikes'].items():
    time, ids, ours = group['timestamps'], group['node_ids'], f['synfire/spikes'][name]
    assert time.dtype == 'float64' and ids.dtype == 'uint64'
    assert h5py.check_string_dtype(time.attrs.get_id('units').dtype).length is None
    assert time.attrs['units'] == 'ms'
    assert h5py.check_enum_dtype(group.attrs.get_id('sorting').dtype) == {
        'none': 0, 'by_id': 1, 'by_time': 2}
    assert group.attrs.get_id('sorting').dtype == 'uint8' and group.attrs['sorting'] == 2
    assert numpy.all(numpy.diff(time[:]) >= 0)
    assert numpy.array_equal(numpy.round(time[:] * 1e9).astype('int64'), ours['time_ps'][:])
    assert {len(time)} == {len(ids)} | {len(column) for column in ours.values()}
    rows += len(ids)
assert rows == )" + spikes + R"( == f['synfire/run/spikes'][()]
def check(name, item):
    if isinstance(item, h5py.Dataset):
        assert item.attrs['units'], name
        assert item.chunks is None and item.compression is None, name
f.visititems(check)
assert 'recovery' not in f['synfire']
)"));
}

TEST_CASE("Recorder: equal runs write equal bytes outside volatile provenance") {
  const TemporaryFolder folder;
  RecordedRun first(4);
  RecordedRun second(4);
  first.record(folder / "a.h5");
  second.record(folder / "b.h5");
  const std::string command = "h5diff -q --exclude-path /synfire/provenance/volatile " +
                              (folder / "a.h5").string() + " " + (folder / "b.h5").string();
  CHECK(std::system(command.c_str()) == 0);
  RecordedRun other(5);
  other.record(folder / "b.h5");
  CHECK(std::system(command.c_str()) != 0);
}

TEST_CASE("Recorder: a run that ends early is marked, and so is what is recovered of it") {
  const TemporaryFolder folder;
  RecordedRun run(6);
  run.record(folder / "early.h5", false);
  CHECK_FALSE(Recording(folder / "early.h5").is_complete());

  run.record_without_finish(folder / "lost.h5");
  CHECK_FALSE(std::filesystem::exists(folder / "lost.h5"));
  REQUIRE(std::filesystem::exists(folder / "lost.h5.part"));
  CHECK_THAT(message_of([&] { Recording(folder / "lost.h5.part"); }), Catch::Contains("--recover"));
  recover_recording(folder / "lost.h5.part", folder / "lost.h5");
  const Recording recovered(folder / "lost.h5");
  CHECK_FALSE(recovered.is_complete());
  CHECK_FALSE(recovered.totals().has_value());
  CHECK(recovered.total_spike_count() == run.log().spikes.size());
  CHECK(recovered.token_count() == run.log().tokens.size());
  CHECK_THAT(message_of([&] { recover_recording(folder / "lost.h5", folder / "x.h5"); }),
             Catch::Contains("is not what a run in progress writes"));
  CHECK_FALSE(std::filesystem::exists(folder / "x.h5"));
}

TEST_CASE("Recorder: without a row nothing is left behind") {
  const TemporaryFolder folder;
  const RecordedRun run(7);
  { Recorder recorder(folder / "empty.h5", run.description()); }
  CHECK(names_in(folder).empty());
  CHECK_THAT(message_of([&] { Recorder(folder / "no/such/run.h5", run.description()); }),
             Catch::Contains("No such file or directory"));
}

TEST_CASE("Recorder: the part of another run is refused and left as it is") {
  const TemporaryFolder folder;
  const RecordedRun run(8);
  const auto path = folder / "run.h5";
  std::ofstream(part_of(path)) << "rows of a killed run";
  CHECK_THROWS_AS(Recorder(path, run.description()), IoError);
  CHECK(std::filesystem::file_size(part_of(path)) == 20);
}

TEST_CASE("Recorder: after a kill every row before the last flush is recovered") {
  const TemporaryFolder folder;
  const RecordedRun run(8);
  const PopulationId population = run.spiking_population();
  constexpr std::uint64_t block = 1000;
  for (int round = 0; round < 20; ++round) {
    const auto path = folder / ("killed" + std::to_string(round) + ".h5");
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const pid_t child = fork();
    if (child == 0) {
      Recorder recorder(path, run.description());
      for (std::uint64_t rows = 0;; rows += block) {
        std::vector<SpikeRecord> spikes;
        for (std::uint64_t i = rows; i < rows + block; ++i) {
          spikes.push_back(
              {TimePoint{picoseconds(std::int64_t(i))}, std::uint32_t(i / 7), 1, population, 0});
        }
        recorder.on_spikes(spikes);
        if ((rows / block) % 3 != 0) continue;
        recorder.flush();
        const std::uint64_t flushed = rows + block;
        if (write(ends[1], &flushed, sizeof flushed) < 0) _exit(1);
      }
    }
    close(ends[1]);
    std::uint64_t flushed = 0;
    REQUIRE(read(ends[0], &flushed, sizeof flushed) == sizeof flushed);
    std::this_thread::sleep_for(std::chrono::microseconds(500 + 1700 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    for (std::uint64_t next = 0; read(ends[0], &next, sizeof next) == sizeof next;) flushed = next;
    close(ends[0]);

    recover_recording(part_of(path), path);
    const Recording recording(path);
    const std::uint64_t rows = recording.spike_count(population);
    INFO("round " << round << ": " << flushed << " rows were flushed, " << rows << " recovered");
    CHECK(rows >= flushed);
    bool is_as_written = true;
    const std::vector<SpikeRecord> spikes = recording.spikes(population, 0, rows);
    for (std::uint64_t i = 0; i < rows; ++i) {
      is_as_written &= spikes[i].time == TimePoint{picoseconds(std::int64_t(i))} &&
                       spikes[i].token == i / 7 && spikes[i].neuron == 1;
    }
    CHECK(is_as_written);
  }
}

TEST_CASE("Recorder: rows of many blocks are read back in order, of every kind") {
  const TemporaryFolder folder;
  RecordedRun run(12);
  run.record(folder / "totals.h5");
  const PopulationId population = run.spiking_population();
  const std::uint32_t size = run.network().population(population).size;
  constexpr std::uint32_t rows = 100'000;  // 2.4 MB of spikes, 3.2 MB of steps
  std::vector<SpikeRecord> spikes;
  std::vector<StepRecord> steps;
  for (std::uint32_t i = 0; i < rows; ++i) {
    const TimePoint time{picoseconds(std::int64_t{i})};
    const auto step = static_cast<std::uint16_t>(i % run.network().time_steps());
    spikes.push_back({time, i / 9, i % size, population, step});
    steps.push_back({time, time + picoseconds(7), i / 9, step, SliceId{i % 2}});
  }
  {
    Recorder recorder(folder / "run.h5", run.description());
    recorder.on_spikes(spikes);
    recorder.on_steps(steps);
    for (std::uint32_t i = 0; i < rows / size; ++i) {
      const std::vector<std::int32_t> potentials(size, static_cast<std::int32_t>(i));
      recorder.on_potentials({.token = i, .population = population, .potentials = potentials});
    }
    recorder.finish({.totals = run.totals()});
  }
  const Recording recording(folder / "run.h5");
  CHECK(test::equal(recording.spikes(population, 0, rows), spikes));
  CHECK(test::equal(recording.steps(0, rows), steps));
  REQUIRE(recording.potential_count(population) == rows / size * size);
  const auto potentials = recording.potentials(population, rows / size * size - 1, 1);
  CHECK(potentials.front().potential == static_cast<std::int32_t>(rows / size) - 1);
}

TEST_CASE("Recorder: what was reported longer than a second ago survives a kill") {
  const TemporaryFolder folder;
  const RecordedRun run(13);
  const auto path = folder / "killed.h5";
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const pid_t child = fork();
  if (child == 0) {
    Recorder recorder(path, run.description());
    const std::vector<SpikeRecord> spikes(100, SpikeRecord{{}, 0, 1, run.spiking_population(), 0});
    recorder.on_spikes(spikes);
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    recorder.on_steps(std::vector<StepRecord>(1));
    const char is_due = 1;
    if (write(ends[1], &is_due, 1) < 0) _exit(1);
    pause();
  }
  close(ends[1]);
  char is_due = 0;
  REQUIRE(read(ends[0], &is_due, 1) == 1);
  close(ends[0]);
  std::uint64_t rows = 0;
  for (int attempt = 0; attempt < 1000 && rows == 0; ++attempt) {  // until the thread has written
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    recover_recording(part_of(path), path);
    rows = Recording(path).spike_count(run.spiking_population());
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(rows == 100);
}

TEST_CASE("Recorder: a full disk is an IoError; the part keeps what was flushed") {
  const TemporaryFolder folder;
  const RecordedRun run(9);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{3'000'000, 3'000'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string message = message_of([&] {
      Recorder recorder(folder / "full.h5", run.description());
      const std::vector<SpikeRecord> spikes(
          10'000, SpikeRecord{TimePoint{}, 0, 1, run.spiking_population(), 0});
      for (int i = 0; i < 1000; ++i) {
        recorder.on_spikes(spikes);
        recorder.flush();
      }
    });
    _exit(message.find("File too large") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(names_in(folder) == std::vector<std::string>{"full.h5.part"});
  recover_recording(folder / "full.h5.part", folder / "full.h5");
  CHECK(Recording(folder / "full.h5").spike_count(run.spiking_population()) >= 10'000);
}

TEST_CASE("Recorder: a disk that fills up at the end leaves the part and no recording") {
  const TemporaryFolder folder;
  RecordedRun run(10);
  run.record(folder / "size.h5");
  const auto size = std::filesystem::file_size(folder / "size.h5");
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const std::string message = message_of([&] {
      run.record(folder / "run.h5", true, [size] {
        const rlimit limit{size / 2, size / 2};
        setrlimit(RLIMIT_FSIZE, &limit);
      });
    });
    _exit(message.find("File too large") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
  CHECK_FALSE(std::filesystem::exists(folder / "run.h5"));
  recover_recording(folder / "run.h5.part", folder / "run.h5");
  CHECK(Recording(folder / "run.h5").total_spike_count() == run.log().spikes.size());
}

TEST_CASE("Recording: foreign, truncated and inconsistent files are refused by name") {
  const TemporaryFolder folder;
  {
    Hdf5File file = Hdf5File::create(folder / "foreign.h5");
    file.write_attribute("/", "magic", std::uint32_t{0x0A7A});
    file.close();
  }
  CHECK_THAT(message_of([&] { Recording(folder / "foreign.h5"); }),
             Catch::Contains("is not a recording of synfire"));
  RecordedRun run(11);
  run.inject({.dead_cores = 1, .stuck_firing_rate = 300'000'000});
  run.record(folder / "run.h5");
  const auto size = std::filesystem::file_size(folder / "run.h5");
  std::filesystem::copy_file(folder / "run.h5", folder / "cut.h5");
  std::filesystem::resize_file(folder / "cut.h5", size - 100);
  CHECK_THROWS_AS(Recording(folder / "cut.h5"), IoError);

  const auto forged = [&](const std::string& script) {
    std::filesystem::copy_file(folder / "run.h5", folder / "forged.h5",
                               std::filesystem::copy_options::overwrite_existing);
    REQUIRE(python_agrees(folder, folder / "forged.h5",
                          "f.close()\nf = h5py.File(sys.argv[1], 'r+')\n"
                          "def put(name, values):\n  del f[name]\n  f[name] = values\n" +
                              script));
    return message_of([&] {
      const Recording recording(folder / "forged.h5");
      const PopulationId id = run.spiking_population();
      recording.spikes(id, 0, recording.spike_count(id));
      recording.steps(0, recording.step_count());
      recording.totals();
      recording.faults();
    });
  };
  const std::string name = run.network().population(run.spiking_population()).name;
  CHECK(forged("pass") == "no error");
  CHECK_THAT(forged("put('spikes/" + name + "/node_ids', [1])"),
             Catch::Contains("/spikes/" + name));
  CHECK_THAT(forged("f['spikes/" + name + "/node_ids'][0] = 10**9"),
             Catch::Contains("neuron 1000000000"));
  CHECK_THAT(forged("f['synfire/steps/slice'][0] = 10**6"), Catch::Contains("names no slice"));
  CHECK_THAT(forged("f['synfire/counts/slices/end'][0] = 10**6"),
             Catch::Contains("has no such neurons"));
  CHECK_THAT(forged("put('synfire/counts/slices/actions', numpy.zeros((1, 20), 'int64'))"),
             Catch::Contains("/synfire/counts/slices/actions"));
  // Versions that knew fewer actions: the last columns are missing.
  const std::string fewer =
      "for part in ('slices', 'links'):\n"
      "  name = 'synfire/counts/%s/actions' % part\n  put(name, f[name][:, :-4])\n"
      "names = list(f['synfire/counts/action_names'][:-4])\n";
  CHECK(forged(fewer + "put('synfire/counts/action_names', names)") == "no error");
  CHECK_THAT(forged("names = list(f['synfire/counts/action_names'])\nnames[2] = names[3]\n"
                    "put('synfire/counts/action_names', names)"),
             Catch::Contains("stands twice"));
  CHECK_THAT(forged("f['synfire/faults/stuck/neuron'][0] = 10**6"),
             Catch::Contains("/synfire/faults: stuck neuron 0"));
  CHECK_THAT(forged("put('synfire/faults/dead_links/to', numpy.zeros(9, 'uint32'))"),
             Catch::Contains("columns differ"));
  CHECK_THAT(forged("put('synfire/counts/cores/stalled_ps', numpy.zeros(9, 'int64'))"),
             Catch::Contains("/synfire/counts/cores/stalled_ps"));
  CHECK_THAT(forged("del f['synfire/tokens/logits']"), Catch::Contains("/synfire/tokens/logits"));
  CHECK_THAT(forged("f['synfire'].attrs['version'] = numpy.uint32(9)"), Catch::Contains("format"));
}
