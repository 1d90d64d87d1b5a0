// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace synfire::app {

/// Shows generated text as it appears and, where standard error is a terminal, how far it is.
///
/// Text goes to standard output: as it is into files and pipes, broken into lines on a terminal.
/// The progress line stands below it.
class GenerationDisplay {
 public:
  enum class Text { shown, hidden };
  explicit GenerationDisplay(Text text, bool is_quiet);
  ~GenerationDisplay();
  GenerationDisplay(const GenerationDisplay&) = delete;
  GenerationDisplay& operator=(const GenerationDisplay&) = delete;

  void add_text(std::string_view text);
  void show_progress(const std::string& line);
  /// Ends the text with a line break and removes the progress line.
  void finish();

 private:
  void erase_progress();
  void add_wrapped(char character);

  bool shows_text_;
  bool wraps_;           ///< standard output is a terminal
  bool shows_progress_;  ///< standard error is a terminal
  bool progress_is_drawn_ = false;
  bool is_finished_ = false;
  std::size_t width_ = 0;
  std::string line_;  ///< last line of text on the terminal
};

}  // namespace synfire::app
