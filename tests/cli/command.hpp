// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace synfire::test {

/// What a finished program left.
struct Outcome {
  int exit_code = -1;  ///< 128 + signal if it was killed
  std::string out;     ///< standard output
  std::string error;   ///< standard error
};

/// A folder of its own that vanishes at the end of a test.
class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  /// Writes a text file and returns its path.
  std::string write(const std::string& name, const std::string& text) const;
  /// A random decoder of two blocks, context 32, as a model file; returns its path. Of degree 3 its
  /// head reads payloads, of degree 2 its MLPs, too.
  std::string write_model(const std::string& name = "model.h5",
                          std::uint32_t spike_degree = 4) const;
  /// The same with twelve words for characters: `.`, `P`, `a`, `and`, `lamp`, `lit`, `of`, `on`,
  /// `room`, `the`, `was`, `went`.
  std::string write_word_model(const std::string& name = "words.h5") const;
  /// An artificial decoder whose values are all 0; returns its path.
  std::string write_real_model(const std::string& name = "twin.h5") const;
  /// Names of the files in the folder, ascending.
  std::vector<std::string> names() const;

  /// Runs the synfire executable with these arguments.
  Outcome synfire(const std::vector<std::string>& arguments) const;
  /// Runs a shell line in which $SYNFIRE is the executable.
  Outcome shell(const std::string& line) const;
  /// Runs a script with the Python 3 that has h5py (the system's) with these arguments.
  Outcome python(const std::string& script, const std::vector<std::string>& arguments) const;

 private:
  std::filesystem::path folder_;
};

/// True for exactly one line that starts with `synfire: ` and has no line break but the last.
bool is_one_line_error(const std::string& text);

/// Value behind `"key": ` in a JSON text, as it stands there without quotes.
std::string json_value(const std::string& json, const std::string& key);

}  // namespace synfire::test
