/*
 * A program that lives by forking: what it loses while somebody watches is what watching costs others.
 *
 *   forker fork SECONDS         forks as fast as it can
 *   forker fork SECONDS RATE    forks at this rate, in bursts of a millisecond; sleeps in between
 *   forker vfork ...            lends its memory to the child instead of copying it, so that most of the time goes into
 *                               beginning and ending tasks
 *
 * Every child ends at once and is waited for. At the end says in one line its process id, how many it made, how long all
 * of that took, how much of it was spent between the beginning of a fork and the end of its wait, the median of that, and
 * the CPU time of itself and its children, all in ns. At a rate that it cannot keep it makes fewer, and never makes up
 * for more than 100 ms.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000
#define BURST_NS 1000000
#define LONGEST_DELAY_NS 100000000

/* How often a fork took so long: few pages, as every page that is written to makes the next fork slower. */
#define STEP_NS 100
#define STEPS 10000
static uint32_t counts[STEPS];

static void fail(const char *what) {
  fprintf(stderr, "forker: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * SECOND_NS + t.tv_nsec;
}

static void sleep_until(int64_t ns) {
  struct timespec t = {ns / SECOND_NS, ns % SECOND_NS};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {}
}

static void fork_once(int lends) {
  pid_t pid = lends ? vfork() : fork();
  if (pid < 0) fail("fork");
  if (pid == 0) _exit(0);
  if (waitpid(pid, NULL, 0) < 0) fail("waitpid");
}

static int64_t cpu_ns_of(int who) {
  struct rusage usage;
  if (getrusage(who, &usage) < 0) fail("getrusage");
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * (int64_t)SECOND_NS +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * (int64_t)1000;
}

static void count_fork(int64_t ns) {
  int64_t step = ns / STEP_NS;
  counts[step < STEPS ? step : STEPS - 1]++;
}

static int64_t median_ns(int64_t forks) {
  int64_t step = 0;
  for (int64_t seen = counts[0]; seen * 2 < forks; seen += counts[++step]) {}
  return step * STEP_NS + STEP_NS / 2;
}

int main(int argc, char **argv) {
  int lends = argc > 1 && strcmp(argv[1], "vfork") == 0;
  int64_t seconds = argc > 2 ? atoll(argv[2]) : 0, rate = argc > 3 ? atoll(argv[3]) : 0;
  int64_t forks = 0, forking_ns = 0;
  if (seconds <= 0 || rate < 0 || !(lends || strcmp(argv[1], "fork") == 0)) {
    fputs("usage: forker fork|vfork SECONDS [RATE]\n", stderr);
    return 2;
  }
  int64_t began_ns = now_ns(), end_ns = began_ns + seconds * SECOND_NS, now = began_ns;
  int64_t period_ns = rate > 0 ? SECOND_NS / rate : 0, due_ns = began_ns;
  while (now < end_ns) {
    if (rate > 0 && due_ns > now) {
      sleep_until(now + BURST_NS);
      now = now_ns();
      continue;
    }
    if (due_ns < now - LONGEST_DELAY_NS) due_ns = now - LONGEST_DELAY_NS;
    due_ns += period_ns;
    fork_once(lends);
    int64_t after = now_ns();
    count_fork(after - now);
    forking_ns += after - now;
    now = after;
    forks++;
  }
  printf("{\"pid\":%d,\"forks\":%lld,\"tookNs\":%lld,\"forkingNs\":%lld,\"medianNs\":%lld,\"cpuNs\":%lld}\n", getpid(), (long long)forks,
         (long long)(now - began_ns), (long long)forking_ns, (long long)median_ns(forks),
         (long long)(cpu_ns_of(RUSAGE_SELF) + cpu_ns_of(RUSAGE_CHILDREN)));
  return 0;
}
