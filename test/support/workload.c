/*
 * Processes and threads of known behaviour, for tests and measurements. Usage: workload WHAT ARGUMENT...
 *
 *   burst COUNT FILE                   one child after the other, each makes one page of FILE dirty (4 KiB)
 *   reuse COUNT FILE LIFE_MS           the same, each for so long, and with the process id of the one before
 *   flood COUNT HOW PID FILE           lives that take turns under the process ids PID to PID + 2, each for as long as it takes to
 *                                      make a page or two of FILE dirty: "process", "thread", or "pool", of which the main
 *                                      thread ends before the other one
 *   fetch COUNT KIB FILE               writes KIB to FILE; then one child after the other, each reads them past the cache
 *   churn COUNT PERIOD_MS LIFE_MS KIB FILE
 *                                      a thread every period, each writes KIB past the cache, waits, writes KIB and ends
 *   chain COUNT LIFE_MS KIB FILE PROGRAM...
 *                                      executes itself so often, under the names of the programs in turn; writes KIB each time
 *   seize COUNT LIFE_MS KIB FILE PROGRAM...
 *                                      the same, but each time a thread does it that has written, while two others write
 *   relay COUNT LIFE_MS KIB FILE MAIN  one thread after the other: each writes KIB past the cache, waits, makes the next and
 *                                      ends; the main thread is the first, and ends "first" or "last"
 *   rounds THREADS KIB FILE            writes KIB past the cache in each thread for every byte on stdin, and says the sum
 *   threads COUNT KIB FILE PAUSE_MS    one thread after the other, each writes KIB past the cache and ends; then waits
 *   steady KIB FILE PERIOD_MS          writes KIB past the cache every period, over and over the same 64 places
 *   write NAME_HEX KIB FILE            takes the name, writes KIB past the cache, waits
 *   sleepers PROCESSES THREADS         processes that do nothing, each of so many threads
 *   writers COUNT FILE PERIOD_MS       processes that each make a page dirty every period
 *
 * The first eight end by themselves; they and rounds say how many bytes written, fetch how many read, the kernel counts for
 * the process, its ended threads and reaped children. The others say "ready" on stdout when they have come so far; all but
 * steady then end when stdin is closed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096

static void fail(const char *what) {
  fprintf(stderr, "workload: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int open_file(const char *path, int flags) {
  int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC | flags, 0600);
  if (fd < 0) fail(path);
  return fd;
}

static void pause_ms(long ms) {
  struct timespec t = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&t, &t) < 0 && errno == EINTR) {}
}

static void wait_for_end(void) {
  char byte;
  puts("ready");
  fflush(stdout);
  while (read(0, &byte, 1) > 0) {}
}

/* Past the cache, from the begin of the file on. */
static void move_direct(int fd, long kib, ssize_t (*move)(int, void *, size_t, off_t)) {
  static const size_t block = 65536;
  void *buffer;
  long left = kib * 1024;
  if (posix_memalign(&buffer, PAGE, block)) fail("memory");
  memset(buffer, 'x', block);
  for (off_t at = 0; left > 0;) {
    size_t size = left < (long)block ? (size_t)left : block;
    ssize_t moved = move(fd, buffer, size, at);
    if (moved <= 0) fail("direct I/O");
    at += moved;
    left -= moved;
  }
  free(buffer);
  close(fd);
}

static ssize_t put(int fd, void *from, size_t size, off_t at) {
  return pwrite(fd, from, size, at);
}

static void write_direct(const char *path, long kib) {
  move_direct(open_file(path, O_DIRECT), kib, put);
}

static void read_direct(const char *path, long kib) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_DIRECT);
  if (fd < 0) fail(path);
  move_direct(fd, kib, pread);
}

/* Of the file "io" of a process or thread. */
static long io_count(const char *path, const char *name) {
  char line[256];
  size_t length = strlen(name);
  long bytes = -1;
  FILE *io = fopen(path, "r");
  if (!io) fail(path);
  while (fgets(line, sizeof line, io))
    if (!strncmp(line, name, length) && line[length] == ':')
      bytes = atol(line + length + 1);
  fclose(io);
  return bytes;
}

static long written_by(const char *path) { return io_count(path, "write_bytes"); }

/* The next task gets this id, unless another is faster. */
static void want_pid(pid_t pid) {
  FILE *last = fopen("/proc/sys/kernel/ns_last_pid", "w");
  if (!last) fail("ns_last_pid");
  fprintf(last, "%d", pid - 1);
  if (fclose(last)) fail("ns_last_pid");
}

/* life_ms below 0: any process id, and no waiting. */
static void burst(long count, const char *path, long life_ms) {
  pid_t last = 0;
  long reused = 0;
  char page[PAGE];
  int fd = open_file(path, 0);
  memset(page, 'x', PAGE);
  for (long i = 0; i < count; i++) {
    if (life_ms >= 0 && last) want_pid(last);
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
      if (life_ms > 0) pause_ms(life_ms);
      _exit(pwrite(fd, page, PAGE, (off_t)i * PAGE) == PAGE ? 0 : 1);
    }
    if (pid == last) reused++;
    last = pid;
    int status;
    if (waitpid(pid, &status, 0) < 0 || status != 0) fail("child");
  }
  long all = written_by("/proc/self/io");
  printf("%ld %ld %ld\n", all, all - written_by("/proc/thread-self/io"), reused);
}

static struct {
  int fd;
  long next;
} pages;

/* The next page of the file; any thread, as only one at a time is at it. */
static void *write_page(void *argument) {
  char page[PAGE];
  memset(page, 'x', PAGE);
  if (pwrite(pages.fd, page, PAGE, (off_t)pages.next++ * PAGE) != PAGE) fail("pwrite");
  return argument;
}

static void *wait_and_write_page(void *main_thread) {
  pthread_join(*(pthread_t *)main_thread, NULL);
  return write_page(NULL);
}

static void flood(long count, const char *how, pid_t pid, const char *path) {
  int is_pool = !strcmp(how, "pool");
  pages.fd = open_file(path, 0);
  for (long i = 0; i < count; i++) {
    pthread_t thread;
    want_pid(pid + (pid_t)(i % 3));
    if (!strcmp(how, "thread")) {
      if (pthread_create(&thread, NULL, write_page, NULL)) fail("thread");
      pthread_join(thread, NULL);
      continue;
    }
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
      static pthread_t self;
      write_page(NULL);
      if (!is_pool) _exit(0);
      self = pthread_self();
      if (pthread_create(&thread, NULL, wait_and_write_page, &self)) fail("thread");
      pthread_exit(NULL);
    }
    int status;
    if (waitpid(child, &status, 0) < 0 || status != 0) fail("child");
    pages.next += is_pool ? 2 : 1;
  }
  printf("%ld\n", written_by("/proc/self/io"));
}

static void fetch(long count, long kib, const char *path) {
  write_direct(path, kib);
  for (long i = 0; i < count; i++) {
    int status;
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
      read_direct(path, kib);
      _exit(0);
    }
    if (waitpid(pid, &status, 0) < 0 || status != 0) fail("child");
  }
  printf("%ld\n", io_count("/proc/self/io", "read_bytes"));
}

static struct {
  long life_ms, kib;
  const char *path;
  /* Arguments of the next life of this process. */
  char **next;
} plan;

static void *write_twice(void *argument) {
  write_direct(plan.path, plan.kib);
  pause_ms(plan.life_ms);
  write_direct(plan.path, plan.kib);
  return argument;
}

static void start_thread(pthread_t *thread, void *(*run)(void *)) {
  if (pthread_create(thread, NULL, run, NULL)) fail("thread");
}

static void churn(long count, long ms) {
  pthread_t *started = calloc((size_t)count, sizeof *started);
  if (!started) fail("memory");
  for (long i = 0; i < count; i++) {
    start_thread(&started[i], write_twice);
    pause_ms(ms);
  }
  for (long i = 0; i < count; i++) pthread_join(started[i], NULL);
  printf("%ld\n", written_by("/proc/self/io"));
}

static void *write_and_execute(void *argument) {
  write_direct(plan.path, plan.kib);
  pause_ms(plan.life_ms);
  execv(plan.next[0], plan.next);
  fail(plan.next[0]);
  return argument;
}

static void *write_for_ever(void *argument) {
  for (;;) write_direct(plan.path, 4);
  return argument;
}

/* "chain COUNT LIFE_MS KIB FILE PROGRAM..." with one life less, and the programs moved up by one. */
static void chain(int argc, char **argv, int from_thread) {
  static const int programs = 6;
  char left[24];
  long count = atol(argv[2]);
  if (count == 0) {
    printf("%ld\n", written_by("/proc/self/io"));
    return;
  }
  snprintf(left, sizeof left, "%ld", count - 1);
  plan.next = calloc((size_t)argc + 1, sizeof *argv);
  if (!plan.next) fail("memory");
  for (int i = 1; i < programs; i++) plan.next[i] = argv[i];
  for (int i = programs; i < argc; i++)
    plan.next[i] = argv[i + 1 < argc ? i + 1 : programs];
  plan.next[0] = argv[programs];
  plan.next[2] = left;
  if (!from_thread) write_and_execute(NULL);
  pthread_t thread;
  start_thread(&thread, write_for_ever);
  start_thread(&thread, write_and_execute);
  write_for_ever(NULL);
}

static void *take_turn(void *left) {
  pthread_attr_t detached;
  pthread_t next;
  write_direct(plan.path, plan.kib);
  pause_ms(plan.life_ms);
  if (!left) {
    printf("%ld\n", written_by("/proc/self/io"));
    exit(0);
  }
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  if (pthread_create(&next, &detached, take_turn, (char *)left - 1)) fail("thread");
  return NULL;
}

static void relay(long count, int main_first) {
  take_turn((void *)(count - 1));
  if (main_first) pthread_exit(NULL);
  for (;;) pause();
}

static pthread_barrier_t begin, end;

static void *write_rounds(void *argument) {
  for (;;) {
    pthread_barrier_wait(&begin);
    write_direct(plan.path, plan.kib);
    pthread_barrier_wait(&end);
  }
  return argument;
}

static void rounds(long count) {
  char byte;
  pthread_barrier_init(&begin, NULL, (unsigned)count);
  pthread_barrier_init(&end, NULL, (unsigned)count);
  for (long i = 1; i < count; i++) {
    pthread_t thread;
    start_thread(&thread, write_rounds);
  }
  while (read(0, &byte, 1) > 0) {
    pthread_barrier_wait(&begin);
    write_direct(plan.path, plan.kib);
    pthread_barrier_wait(&end);
    printf("%ld\n", written_by("/proc/self/io"));
    fflush(stdout);
  }
}

static void steady(long kib, const char *path, long ms) {
  void *buffer;
  size_t size = (size_t)kib * 1024;
  int fd = open_file(path, O_DIRECT);
  if (posix_memalign(&buffer, PAGE, size)) fail("memory");
  memset(buffer, 'x', size);
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (long turn = 0;; turn++) {
    if (pwrite(fd, buffer, size, (off_t)(turn % 64) * (off_t)size) != (ssize_t)size)
      fail("pwrite");
    if (turn == 64) {
      puts("ready");
      fflush(stdout);
      clock_gettime(CLOCK_MONOTONIC, &next);
    }
    if (turn < 64) continue;
    next.tv_nsec += ms * 1000000;
    next.tv_sec += next.tv_nsec / 1000000000;
    next.tv_nsec %= 1000000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
  }
}

static long thread_kib;
static const char *thread_path;

static void *write_once(void *argument) {
  char path[PAGE];
  snprintf(path, sizeof path, "%s.%ld", thread_path, (long)argument);
  prctl(PR_SET_NAME, "short-lived");
  write_direct(path, thread_kib);
  return NULL;
}

static void threads(long count, long kib, const char *path, long ms) {
  thread_kib = kib;
  thread_path = path;
  for (long i = 0; i < count; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, write_once, (void *)i)) fail("thread");
    pthread_join(thread, NULL);
    pause_ms(ms);
  }
  wait_for_end();
}

static void take_name(const char *hex) {
  char name[17] = {0};
  for (int i = 0; i < 16 && hex[2 * i] && hex[2 * i + 1]; i++) {
    unsigned value;
    if (sscanf(hex + 2 * i, "%2x", &value) != 1) fail("name");
    name[i] = (char)value;
  }
  if (prctl(PR_SET_NAME, name) < 0) fail("prctl");
}

static void *sleep_on(void *argument) {
  for (;;) pause();
  return argument;
}

static void sleep_with(long count) {
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  for (long i = 1; i < count; i++) {
    pthread_t thread;
    if (pthread_create(&thread, &small, sleep_on, NULL)) fail("thread");
  }
}

/* Children die with us: whoever kills us has killed them all. */
static pid_t spawn(void) {
  pid_t parent = getpid();
  pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    close(0);
  }
  return pid;
}

static void sleepers(long processes, long count) {
  int ready[2];
  char byte = 0;
  if (pipe(ready) < 0) fail("pipe");
  for (long i = 1; i < processes; i++)
    if (spawn() == 0) {
      sleep_with(count);
      if (write(ready[1], &byte, 1) < 0) _exit(1);
      close(ready[0]);
      close(ready[1]);
      sleep_on(NULL);
    }
  sleep_with(count);
  for (long i = 1; i < processes; i++)
    if (read(ready[0], &byte, 1) < 0) fail("pipe");
  wait_for_end();
}

/* Each at its own place in the file and in the period; 64 pages in turn, so that they are clean again by the time. */
static void writers(long count, const char *path, long ms) {
  char page[PAGE];
  int fd = open_file(path, 0);
  memset(page, 'x', PAGE);
  for (long i = 0; i < count; i++)
    if (spawn() == 0) {
      pause_ms(ms * i / count);
      for (long turn = 0;; turn++) {
        off_t at = ((off_t)i * 64 + turn % 64) * PAGE;
        if (pwrite(fd, page, PAGE, at) < 0) fail("pwrite");
        pause_ms(ms);
      }
    }
  wait_for_end();
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (!strcmp(what, "burst") && argc == 4) burst(atol(argv[2]), argv[3], -1);
  else if (!strcmp(what, "reuse") && argc == 5)
    burst(atol(argv[2]), argv[3], atol(argv[4]));
  else if (!strcmp(what, "flood") && argc == 6)
    flood(atol(argv[2]), argv[3], (pid_t)atol(argv[4]), argv[5]);
  else if (!strcmp(what, "fetch") && argc == 5)
    fetch(atol(argv[2]), atol(argv[3]), argv[4]);
  else if (!strcmp(what, "churn") && argc == 7) {
    plan.life_ms = atol(argv[4]), plan.kib = atol(argv[5]), plan.path = argv[6];
    churn(atol(argv[2]), atol(argv[3]));
  } else if ((!strcmp(what, "chain") || !strcmp(what, "seize")) && argc > 6) {
    plan.life_ms = atol(argv[3]), plan.kib = atol(argv[4]), plan.path = argv[5];
    chain(argc, argv, *what == 's');
  } else if (!strcmp(what, "relay") && argc == 7) {
    plan.life_ms = atol(argv[3]), plan.kib = atol(argv[4]), plan.path = argv[5];
    relay(atol(argv[2]), !strcmp(argv[6], "first"));
  } else if (!strcmp(what, "rounds") && argc == 5) {
    plan.kib = atol(argv[3]), plan.path = argv[4];
    rounds(atol(argv[2]));
  } else if (!strcmp(what, "threads") && argc == 6)
    threads(atol(argv[2]), atol(argv[3]), argv[4], atol(argv[5]));
  else if (!strcmp(what, "steady") && argc == 5)
    steady(atol(argv[2]), argv[3], atol(argv[4]));
  else if (!strcmp(what, "write") && argc == 5) {
    take_name(argv[2]);
    write_direct(argv[4], atol(argv[3]));
    wait_for_end();
  } else if (!strcmp(what, "sleepers") && argc == 4)
    sleepers(atol(argv[2]), atol(argv[3]));
  else if (!strcmp(what, "writers") && argc == 5)
    writers(atol(argv[2]), argv[3], atol(argv[4]));
  else {
    errno = EINVAL;
    fail(what);
  }
  return 0;
}
