// SPDX-License-Identifier: LGPL-2.1-or-later
// Preloaded into the program: makes the n-th call of one function fail, or all reads and writes short.
//
//   FAIL_CALL=NAME  open, read, write, fsync, rename, close, link, fchmod, xattr, malloc
//   FAIL_AT=N       the call that fails, from 1, counted from the start of main
//   FAIL_AFTER=NAME or from the first call of this function on
//   FAIL_ERRNO=E    with that error
//   FAIL_MARK=FILE  is made when the call failed
//   FAIL_SHORT=1    reads and writes move at most 7 bytes, and every third is interrupted
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
}

namespace {

const char* call_name = nullptr;
const char* after = nullptr;
const char* mark = nullptr;
long fail_at = 0;
int fail_errno = 0;
bool short_ones = false;
bool ready = false;
bool counting = true;
long calls = 0;
unsigned turns = 0;

/// After the libraries' own constructors, before main.
__attribute__((constructor)) void begin() {
  call_name = getenv("FAIL_CALL");
  after = getenv("FAIL_AFTER");
  counting = after == nullptr;
  mark = getenv("FAIL_MARK");
  fail_at = getenv("FAIL_AT") ? atol(getenv("FAIL_AT")) : 0;
  fail_errno = getenv("FAIL_ERRNO") ? atoi(getenv("FAIL_ERRNO")) : EIO;
  short_ones = getenv("FAIL_SHORT") != nullptr;
  ready = true;
}

bool fails(const char* name) {
  if (!ready || !call_name) return false;
  if (!counting && strcmp(after, name) == 0) counting = true;
  if (!counting || strcmp(call_name, name) != 0 || ++calls != fail_at) return false;
  if (mark) {
    long const file = syscall(SYS_openat, AT_FDCWD, mark, O_CREAT | O_WRONLY, 0600);
    if (file >= 0) syscall(SYS_close, file);
  }
  errno = fail_errno;
  return true;
}

/// How much of `size` is moved now; -1: interrupted.
ssize_t part_of(size_t size) {
  if (!ready || !short_ones) return static_cast<ssize_t>(size);
  if (++turns % 3 == 0) {
    errno = EINTR;
    return -1;
  }
  return static_cast<ssize_t>(size < 7 ? size : 7);
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

int open_at(int folder, const char* path, int flags, mode_t mode) {
  if (fails("open")) return -1;
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

ssize_t read_part(int file, void* data, size_t size) {
  if (fails("read")) return -1;
  ssize_t const part = part_of(size);
  return part < 0 ? -1 : syscall(SYS_read, file, data, part);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t const mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t const mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_at(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t const mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_at(folder, path, flags, mode);
}
int __open_2(const char* path, int flags) {
  return open_at(AT_FDCWD, path, flags, 0);
}
int __open64_2(const char* path, int flags) {
  return open_at(AT_FDCWD, path, flags, 0);
}
int mkostemp(char* name, int flags) {
  return fails("open") ? -1 : next<int (*)(char*, int)>("mkostemp")(name, flags);
}
int mkostemp64(char* name, int flags) {
  return fails("open") ? -1 : next<int (*)(char*, int)>("mkostemp64")(name, flags);
}

ssize_t read(int file, void* data, size_t size) {
  return read_part(file, data, size);
}
ssize_t __read_chk(int file, void* data, size_t size, size_t /*room*/) {
  return read_part(file, data, size);
}
ssize_t write(int file, const void* data, size_t size) {
  if (file != STDERR_FILENO && fails("write")) return -1;
  ssize_t const part = part_of(size);
  return part < 0 ? -1 : syscall(SYS_write, file, data, part);
}
int fsync(int file) {
  return fails("fsync") ? -1 : static_cast<int>(syscall(SYS_fsync, file));
}
int rename(const char* from, const char* to) {
  return fails("rename") ? -1 : next<int (*)(const char*, const char*)>("rename")(from, to);
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  return fails("rename") ? -1 : static_cast<int>(syscall(SYS_renameat2, from_folder, from, to_folder, to, 0));
}
int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  return fails("link") ? -1 : static_cast<int>(syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
}
int fsetxattr(int file, const char* name, const void* value, size_t size, int flags) {
  return fails("xattr") ? -1 : static_cast<int>(syscall(SYS_fsetxattr, file, name, value, size, flags));
}
int fremovexattr(int file, const char* name) {
  return fails("xattr") ? -1 : static_cast<int>(syscall(SYS_fremovexattr, file, name));
}
int link(const char* from, const char* to) {
  return fails("link") ? -1 : next<int (*)(const char*, const char*)>("link")(from, to);
}
int fchmod(int file, mode_t mode) {
  return fails("fchmod") ? -1 : static_cast<int>(syscall(SYS_fchmod, file, mode));
}
/// A descriptor is given back even where close says that something failed (Linux).
int close(int file) {
  bool const failed = fails("close");
  int const result = static_cast<int>(syscall(SYS_close, file));
  if (failed) errno = fail_errno;
  return failed ? -1 : result;
}

void* malloc(size_t size) {
  return fails("malloc") ? nullptr : __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  return fails("malloc") ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
  return fails("malloc") ? nullptr : __libc_realloc(old, size);
}
}
