// SPDX-License-Identifier: Apache-2.0
#include "analysis/gnuplot.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

#include <sys/wait.h>
#include <unistd.h>

namespace synfire {
namespace {

constexpr int command_not_found = 127;  // exit status of a POSIX shell

std::string terminal_of(const std::filesystem::path& output, PictureSize size) {
  const std::string extent = std::to_string(size.width) + "," + std::to_string(size.height);
  if (output.extension() == ".svg") {
    return "set terminal svg size " + extent + " font 'sans,14' background 'white'\n";
  }
  if (output.extension() == ".png") {
    return "set terminal pngcairo size " + extent + " font 'sans,11' background 'white'\n";
  }
  throw ConfigError("output",
                    "'" + output.string() + "' ends neither in .svg nor in .png; choose one");
}

/// A script file that vanishes with its object.
class TemporaryScript {
 public:
  explicit TemporaryScript(const std::string& text) {
    std::string name = (std::filesystem::temp_directory_path() / "synfire-plot-XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    if (descriptor < 0) throw IoError(name, "cannot be made; is the temporary directory writable?");
    ::close(descriptor);
    path_ = name;
    std::ofstream file(path_);
    if (!(file << text << std::flush)) {
      throw WriteError(name, "cannot be written; is the disk full?");
    }
  }
  ~TemporaryScript() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryScript(const TemporaryScript&) = delete;
  TemporaryScript& operator=(const TemporaryScript&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Runs gnuplot and returns its exit status and what it said.
std::pair<int, std::string> run_gnuplot(const std::filesystem::path& script) {
  const std::string command = "gnuplot '" + script.string() + "' 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr)
    throw ToolError("gnuplot: cannot be started; is there memory for a process?");
  std::string said;
  std::array<char, 256> part{};
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) said += part.data();
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, said};
}

}  // namespace

std::string gnuplot_text(std::string_view text) {
  std::string result = "'";
  for (const char character : text) {
    if (character == '\'') result += '\'';
    result += character == '\n' ? ' ' : character;
  }
  return result + "'";
}

void draw_with_gnuplot(std::string_view script, const std::filesystem::path& output,
                       PictureSize size) {
  const std::string terminal = terminal_of(output, size);
  const std::filesystem::path part = output.string() + ".part";
  const TemporaryScript file(terminal + "set output " + gnuplot_text(part.string()) + "\n" +
                             std::string(script) + "\nunset output\n");
  if (!std::ofstream(part)) {
    throw IoError(output.string(), "cannot be written; does its directory exist?");
  }
  const auto [status, said] = run_gnuplot(file.path());
  std::error_code error;
  if (status != 0) {
    std::filesystem::remove(part, error);
    if (status == command_not_found) {
      throw ToolError("gnuplot: not found; install it (Debian: apt-get install gnuplot-nox)");
    }
    throw ToolError("gnuplot: failed; it said: " + said);
  }
  std::filesystem::rename(part, output, error);
  if (error) throw IoError(output.string(), "cannot be written: " + error.message());
}

}  // namespace synfire
