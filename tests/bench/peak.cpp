// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: peak FILE COMMAND...: runs the command and writes its peak memory in KiB to FILE. A program of its
// own, since the kernel counts what the process was before exec: a child of the bench's Python would never be
// below Python.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

int main(int count, char** words) {
  if (count < 3) return 2;
  const pid_t child = fork();
  if (child == 0) {
    execvp(words[2], words + 2);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 4;
  std::FILE* file = std::fopen(words[1], "w");
  if (file == nullptr) return 4;
  std::fprintf(file, "%ld\n", usage.ru_maxrss);
  std::fclose(file);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
