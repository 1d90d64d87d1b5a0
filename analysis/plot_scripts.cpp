// SPDX-License-Identifier: Apache-2.0
#include "analysis/plot_scripts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analysis/gnuplot.hpp"

namespace synfire {
namespace {

// Okabe and Ito, Color Universal Design, 2008; the yellow is left out: faint on white.
constexpr std::array<const char*, 7> palette{"#0072B2", "#E69F00", "#009E73", "#CC79A7",
                                             "#56B4E9", "#D55E00", "#000000"};

const char* colour(std::size_t i) {
  return palette[i % palette.size()];
}

std::string frame(const std::string& title) {
  return "set title " + gnuplot_text(title) +
         " noenhanced\n"
         "set border 3\nset tics out nomirror\nset key noenhanced\n";
}

/// Factor and prefix that bring the largest of some joules between 1 and 1000.
struct Scale {
  double factor = 1;
  std::string unit = "J";
};

Scale energy_scale(double largest) {
  constexpr std::array<const char*, 7> units{"J", "mJ", "uJ", "nJ", "pJ", "fJ", "aJ"};
  Scale scale;
  for (std::size_t i = 1; i < units.size() && largest * scale.factor < 1 && largest > 0; ++i) {
    scale.factor *= 1000;
    scale.unit = units[i];
  }
  return scale;
}

std::string layer_data(const EnergyPlot& plot, double factor) {
  std::string data = "$layers << EOD\n";
  for (const EnergyPlot::Layer& layer : plot.layers) {
    data += '"' + layer.name + '"';
    for (const double joules : layer.joules) data += fmt::format(" {:.6g}", joules * factor);
    data += '\n';
  }
  return data + "EOD\n";
}

std::string action_data(std::vector<NamedEnergy> actions, double factor) {
  std::ranges::stable_sort(actions, std::ranges::greater{}, &NamedEnergy::energy);
  std::erase_if(actions, [](const NamedEnergy& action) { return action.energy == Energy{}; });
  std::string data = "$actions << EOD\n";
  for (const NamedEnergy& action : actions) {
    data += fmt::format("\"{}\" {:.6g}\n", action.name, action.energy.in_joules() * factor);
  }
  return data + "EOD\n";
}

}  // namespace

std::string gnuplot_script(const RasterPlot& plot) {
  std::string data;
  std::string tics;
  std::string lines;
  std::string curves;
  std::uint64_t base = 0;
  for (std::size_t i = 0; i < plot.bands.size(); ++i) {
    const RasterBand& band = plot.bands[i];
    data += fmt::format("$band{} << EOD\n", i);
    for (const RasterDot& dot : band.dots) {
      data += fmt::format("{:.9g} {}\n", dot.time, base + dot.neuron);
    }
    data += "EOD\n";
    tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", gnuplot_text(band.population),
                        static_cast<double>(base) + band.size / 2.0);
    base += band.size;
    lines += fmt::format(
        "set arrow from graph 0, first {0} to graph 1, first {0} nohead lc '#bbbbbb'\n", base);
    if (band.dots.empty()) continue;
    curves += fmt::format("{}$band{} with points pt 7 ps 0.2 lc rgb '{}' notitle",
                          curves.empty() ? "" : ", ", i, colour(i));
  }
  return data + frame(plot.title) +
         fmt::format(
             "set xlabel 'hardware time [{}]'\nset ylabel 'neurons, by population'\n"
             "set yrange [0:{}]\nset ytics noenhanced ({})\n",
             plot.time_unit, std::max<std::uint64_t>(base, 1), tics) +
         lines + "plot " + (curves.empty() ? "NaN notitle" : curves) + "\n";
}

std::string gnuplot_script(const EnergyPlot& plot) {
  double largest = 0;
  for (const EnergyPlot::Layer& layer : plot.layers) {
    double sum = 0;
    for (const double joules : layer.joules) sum += joules;
    largest = std::max(largest, sum);
  }
  const Scale scale = energy_scale(largest);
  std::string script = layer_data(plot, scale.factor) + action_data(plot.actions, scale.factor) +
                       "set multiplot layout 2,1\nset bmargin 8\n" + frame(plot.title) +
                       fmt::format("set ylabel 'energy [{}]'\n", scale.unit) +
                       "set style data histograms\nset style histogram rowstacked\n"
                       "set style fill solid border lc rgb 'white'\nset boxwidth 0.75\n"
                       "set yrange [0:*]\nset xtics rotate by -35 noenhanced\nset grid ytics\n"
                       "set key outside right top invert\nset rmargin 20\nplot ";
  for (std::size_t i = 0; i < component_kinds; ++i) {
    script += fmt::format("{}$layers using {}:xtic(1) lc rgb '{}' title '{}'", i == 0 ? "" : ", ",
                          i + 2, colour(i), to_string(static_cast<ComponentKind>(i)));
  }
  script += fmt::format(
      "\nset title 'by action'\nunset key\n"
      "plot $actions using 2:xtic(1) lc rgb '{}' notitle, "
      "$actions using 0:2:(sprintf('%.4g', $2)) with labels offset 0,0.6 "
      "notitle\nunset multiplot\n",
      colour(5));
  return script;
}

std::string gnuplot_script(const MembranePlot& plot) {
  std::string script;
  for (std::size_t i = 0; i < plot.traces.size(); ++i) {
    const MembranePlot::Trace& trace = plot.traces[i];
    script += fmt::format("$trace{} << EOD\n", i);
    for (std::size_t row = 0; row < trace.token.size(); ++row) {
      script += fmt::format("{:.6f} {}\n", trace.token[row], trace.potential[row]);
    }
    if (trace.token.size() > 1) {  // the last step is as long as the one before
      const double length = trace.token.back() - trace.token[trace.token.size() - 2];
      script += fmt::format("{:.6f} {}\n", trace.token.back() + length, trace.potential.back());
    }
    script += "EOD\n";
  }
  script += fmt::format(
                "set multiplot layout {},1 title {} noenhanced margins 0.09,0.9,0.1,0.92 "
                "spacing 0.03\n",
                std::max<std::size_t>(plot.traces.size(), 1), gnuplot_text(plot.title)) +
            frame("") + "unset title\nset key outside right top\n";
  for (std::size_t i = 0; i < plot.traces.size(); ++i) {
    const bool is_last = i + 1 == plot.traces.size();
    script += is_last ? "set xlabel 'token (its time steps between the ticks)'\nset format x '%g'\n"
                      : "set format x ''\n";
    script +=
        fmt::format("set ylabel {} noenhanced\nplot $trace{} with steps lw 1.5 lc rgb '{}' notitle",
                    gnuplot_text(plot.traces[i].neuron), i, colour(0));
    if (plot.traces[i].threshold) {
      script += fmt::format(", {} with lines dt 2 lc rgb '{}' title {}", *plot.traces[i].threshold,
                            colour(5), i == 0 ? "'threshold'" : "''");
    }
    script += '\n';
  }
  return script + "unset multiplot\n";
}

}  // namespace synfire
