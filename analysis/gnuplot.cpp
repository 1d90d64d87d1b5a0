// SPDX-License-Identifier: Apache-2.0
#include "analysis/gnuplot.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace synfire {
namespace {

constexpr int command_not_found = 127;  // exit status of a POSIX shell

constexpr double millimetres_an_inch = 25.4;
constexpr double letters = 8;  // points
constexpr double points_an_inch = 72;
constexpr double svg_units_an_inch = 96;  // CSS pixels
constexpr double dots_an_inch = 200;
constexpr double plain_dots_an_inch = 96;  // at which pngcairo draws a point as it is

std::string terminal_of(const std::filesystem::path& output, PictureSize size) {
  const double width = size.width / millimetres_an_inch;
  const double height = size.height / millimetres_an_inch;
  if (output.extension() == ".svg") {
    return fmt::format(
        "set terminal svg size {:.0f},{:.0f} font 'sans,{}' background 'white' fontscale {:.4f}\n",
        width * svg_units_an_inch, height * svg_units_an_inch, letters,
        svg_units_an_inch / points_an_inch);
  }
  if (output.extension() == ".pdf") {
    return fmt::format("set terminal pdfcairo size {:.4f}in,{:.4f}in font 'sans,{}'\n", width,
                       height, letters);
  }
  if (output.extension() == ".png") {
    constexpr double scale = dots_an_inch / plain_dots_an_inch;
    return fmt::format(
        "set terminal pngcairo size {:.0f},{:.0f} font 'sans,{}' background 'white' "
        "fontscale {:.3f} linewidth {:.3f} pointscale {:.3f}\n",
        width * dots_an_inch, height * dots_an_inch, letters, scale, scale, scale);
  }
  throw ConfigError("output",
                    "'" + output.string() + "' ends in none of .svg, .pdf and .png; choose one");
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

void check_picture_format(const std::filesystem::path& output) {
  terminal_of(output, {});
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
