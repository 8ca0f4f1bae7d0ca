// SPDX-License-Identifier: LGPL-2.1-or-later
#include <csignal>

#include "base/file.hpp"
#include "cli/program.hpp"

int main(int argc, char** argv) {
  // A file size limit is an error of the write that meets it, not a signal.
  std::signal(SIGXFSZ, SIG_IGN);
  // A caller that ignores it would keep us from learning how our own programs ended.
  std::signal(SIGCHLD, SIG_DFL);
  virt_iface::occupy_standard_descriptors();
  return virt_iface::run_program(argc, argv);
}
