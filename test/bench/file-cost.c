/*
 * Reads or writes pages of a file: file-cost HOW FILE COUNT. HOW is "write" (pages that are new in memory), "direct"
 * (reads past the page cache) or "cached" (reads from it). Prints the median time of one, and the CPU time for each.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 4096

static long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

static long cpu(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000L +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000L;
}

static int compare(const void *a, const void *b)
{
	long difference = *(const long *)a - *(const long *)b;
	return (difference > 0) - (difference < 0);
}

static void fill(int file, char *page)
{
	for (int i = 0; i < PAGES; i++)
		if (pwrite(file, page, PAGE, (off_t)i * PAGE) != PAGE)
			err(1, "fill");
	if (fsync(file))
		err(1, "fsync");
}

int main(int argc, char **argv)
{
	if (argc != 4)
		errx(2, "file-cost HOW FILE COUNT");
	const char *how = argv[1];
	int count = atoi(argv[3]);
	int writes = !strcmp(how, "write");
	int direct = !strcmp(how, "direct");
	char *page;
	if (posix_memalign((void **)&page, PAGE, PAGE))
		errx(1, "memory");
	memset(page, 7, PAGE);
	long *took = calloc(count, sizeof *took);
	int file = open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (file < 0)
		err(1, "open");
	if (!writes)
		fill(file, page);
	if (direct && fcntl(file, F_SETFL, O_DIRECT))
		err(1, "O_DIRECT");
	long cpu_ns = -cpu();
	for (int i = 0; i < count; i++) {
		off_t at = (off_t)(i % PAGES) * PAGE;
		if (writes && at == 0 && ftruncate(file, 0))
			err(1, "ftruncate");
		long began = now();
		long moved = writes ? pwrite(file, page, PAGE, at) : pread(file, page, PAGE, at);
		took[i] = now() - began;
		if (moved != PAGE)
			err(1, "%s", how);
	}
	cpu_ns += cpu();
	qsort(took, count, sizeof *took, compare);
	printf("{\"medianNs\": %ld, \"cpuNs\": %ld}\n", took[count / 2], cpu_ns / count);
	return 0;
}
