/*
 * A process that claims to have arguments of any length, as every user may: the memory is never touched and costs nothing.
 *
 *   boaster MIB FILE
 *
 * Says "ready", then makes a page of FILE dirty every 50 ms, until stdin is closed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/prctl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Field N of /proc/self/stat, counted from 1 as in proc(5); from 3 on, after the name in parentheses. */
static unsigned long long stat_field(const char *stat, int n) {
  const char *at = strrchr(stat, ')') + 2;
  for (int i = 3; i < n; i++) at = strchr(at, ' ') + 1;
  return strtoull(at, NULL, 10);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  size_t length = (size_t)atol(argv[1]) << 20;
  char *claimed = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (claimed == MAP_FAILED) fail("mmap");
  strcpy(claimed, "boaster");

  char stat[4096] = "";
  int fd = open("/proc/self/stat", O_RDONLY);
  if (fd < 0 || read(fd, stat, sizeof stat - 1) <= 0) fail("/proc/self/stat");
  close(fd);
  struct prctl_mm_map map = {
    .start_code = stat_field(stat, 26), .end_code = stat_field(stat, 27), .start_stack = stat_field(stat, 28),
    .start_data = stat_field(stat, 45), .end_data = stat_field(stat, 46), .start_brk = stat_field(stat, 47),
    .brk = (unsigned long long)sbrk(0),
    .arg_start = (unsigned long long)claimed, .arg_end = (unsigned long long)claimed + length,
    .env_start = stat_field(stat, 50), .env_end = stat_field(stat, 51), .exe_fd = -1,
  };
  if (prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0)) fail("PR_SET_MM_MAP");

  puts("ready");
  fflush(stdout);
  struct pollfd in = { .fd = 0, .events = POLLIN };
  while (poll(&in, 1, 50) == 0) {
    static char page[4096] = "x";
    int file = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || write(file, page, sizeof page) != sizeof page) fail(argv[2]);
    close(file);
  }
  return 0;
}
