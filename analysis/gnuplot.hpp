// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "sim/error.hpp"

namespace synfire {

/// A program that is needed beside synfire is missing or failed.
class ToolError : public Error {
 public:
  using Error::Error;
};

/// Size of a picture in millimetres. The default is the width of two columns of a journal, where
/// letters have 8 points.
struct PictureSize {
  double width = 182;
  double height = 115;
};

/// Runs a gnuplot script whose picture goes to `output`: SVG, PDF, or PNG of 200 dots an inch, by
/// the name's ending. The script sets no terminal and no output. The picture appears whole or not
/// at all.
///
/// Throws  ConfigError `output` for another ending; ToolError if gnuplot is missing or refuses the
///         script; IoError if the picture cannot be written.
void draw_with_gnuplot(std::string_view script, const std::filesystem::path& output,
                       PictureSize size);

/// Throws ConfigError as draw_with_gnuplot for a name that ends in no format, before any work.
void check_picture_format(const std::filesystem::path& output);

/// Text as a gnuplot string literal that shows every character as it is.
std::string gnuplot_text(std::string_view text);

}  // namespace synfire
