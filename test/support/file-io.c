/*
 * Reads or writes a file in one way: file-io KIND FOLDER. What is read is taken out of the page cache first. Each kind
 * moves 256 KiB of FOLDER/KIND and ends; "prepare" writes the files that the others read.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIZE (256 * 1024)
#define PAGE 4096

static const char *kind;
static int file;
static char *buffer;

static int check(long result, const char *what)
{
	if (result < 0)
		err(1, "%s: %s", kind, what);
	return result;
}

static void reopen(int flags)
{
	if (file > 0)
		close(file);
	file = check(open(kind, flags, 0600), "open");
}

/* Reading begins on the disk, and takes what was asked for, without what lies behind it. */
static void open_uncached(int flags)
{
	reopen(O_RDONLY | flags);
	check(posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED), "fadvise");
	check(posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM), "fadvise");
}

static void write_all(int step)
{
	for (int at = 0; at < SIZE; at += step)
		check(write(file, buffer, step), "write");
}

static void pwrite_all(void)
{
	for (int at = SIZE - PAGE; at >= 0; at -= PAGE)
		check(pwrite(file, buffer, PAGE, at), "pwrite");
}

static void read_all(int step)
{
	while (check(read(file, buffer, step), "read") > 0)
		;
}

static void *write_part(void *number)
{
	long part = SIZE / 4, at = (long)number * part;
	for (long i = at; i < at + part; i += PAGE)
		check(pwrite(file, buffer, PAGE, i), "pwrite");
	return NULL;
}

static void write_in_threads(void)
{
	pthread_t threads[4];
	for (long i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, write_part, (void *)i))
			errx(1, "pthread_create");
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

static void touch_mapping(int protection)
{
	volatile char *map =
		mmap(NULL, SIZE, protection, MAP_SHARED, file, 0);
	if (map == MAP_FAILED)
		err(1, "mmap");
	madvise((void *)map, SIZE, MADV_RANDOM);
	for (int at = 0; at < SIZE; at += PAGE) {
		if (protection & PROT_WRITE)
			map[at] = 1;
		else
			(void)map[at];
	}
}

static void send_to_null(void)
{
	int null = check(open("/dev/null", O_WRONLY), "open");
	int ends[2];
	check(pipe(ends), "pipe");
	for (off_t at = 0; at < SIZE;) {
		ssize_t sent = check(sendfile(ends[1], file, &at, PAGE * 8), "sendfile");
		while (sent > 0)
			sent -= check(splice(ends[0], NULL, null, NULL, sent, 0), "splice");
	}
}

/* One write request, by the bare system calls. */
static void write_with_uring(void)
{
	struct io_uring_params about = { 0 };
	int ring = syscall(SYS_io_uring_setup, 4, &about);
	if (ring < 0)
		exit(77);
	char *queue = mmap(NULL, about.sq_off.array + about.sq_entries * 4,
			   PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	struct io_uring_sqe *entry = mmap(NULL, about.sq_entries * sizeof *entry,
					  PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	entry->opcode = IORING_OP_WRITE;
	entry->fd = file;
	entry->addr = (unsigned long)buffer;
	entry->len = SIZE;
	*(unsigned *)(queue + about.sq_off.array) = 0;
	__atomic_store_n((unsigned *)(queue + about.sq_off.tail), 1, __ATOMIC_RELEASE);
	check(syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0), "io_uring_enter");
}

/*
 * Makes pages dirty again and again, as the file is emptied in between, and says what the kernel counted: so many bytes
 * hardly reach the disk.
 */
static void storm(int rounds)
{
	char text[1024];
	for (int round = 0; round < rounds; round++) {
		for (int at = 0; at < 4 * SIZE; at += PAGE)
			check(pwrite(file, buffer, PAGE, at), "pwrite");
		check(ftruncate(file, 0), "ftruncate");
	}
	int io = check(open("/proc/self/io", O_RDONLY), "open");
	text[check(read(io, text, sizeof text - 1), "read")] = 0;
	fputs(text, stdout);
}

/* Writes to one of twelve files after the other, with a rest between them. */
static void take_turns(void)
{
	int files[12];
	char name[32];
	for (int n = 0; n < 12; n++) {
		sprintf(name, "turn-%d", n);
		files[n] = check(open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600), "open");
	}
	for (int at = 0; at < 3000; at++) {
		check(write(files[at % 12], buffer, PAGE), "write");
		usleep(30);
	}
}

static void prepare(const char *name)
{
	kind = name;
	reopen(O_WRONLY | O_CREAT | O_TRUNC);
	write_all(SIZE);
	check(fsync(file), "fsync");
}

int main(int argc, char **argv)
{
	if (argc != 3 || chdir(argv[2]))
		errx(2, "file-io KIND FOLDER");
	if (posix_memalign((void **)&buffer, PAGE, SIZE))
		errx(1, "memory");
	memset(buffer, 7, SIZE);
	kind = argv[1];
	const int fresh = O_RDWR | O_CREAT | O_TRUNC;
	if (!strcmp(kind, "prepare")) {
		const char *readers[] = { "read", "pread", "direct-read", "mmap-read", "sendfile",
					  "readahead", "mmap-write", "copy-from" };
		for (unsigned i = 0; i < sizeof readers / sizeof *readers; i++)
			prepare(readers[i]);
	} else if (!strcmp(kind, "write")) {
		reopen(fresh);
		write_all(64 * 1024);
	} else if (!strcmp(kind, "small-writes")) {
		reopen(fresh);
		write_all(1024);
	} else if (!strcmp(kind, "pwrite")) {
		reopen(fresh);
		pwrite_all();
	} else if (!strcmp(kind, "append")) {
		reopen(fresh | O_APPEND);
		write_all(PAGE);
	} else if (!strcmp(kind, "dsync")) {
		reopen(fresh | O_DSYNC);
		write_all(64 * 1024);
	} else if (!strcmp(kind, "fsync")) {
		reopen(fresh);
		write_all(64 * 1024);
		check(fsync(file), "fsync");
	} else if (!strcmp(kind, "direct-write")) {
		reopen(fresh | O_DIRECT);
		write_all(64 * 1024);
	} else if (!strcmp(kind, "truncate")) {
		reopen(fresh);
		write_all(64 * 1024);
		check(ftruncate(file, 0), "ftruncate");
	} else if (!strcmp(kind, "unlink")) {
		reopen(fresh);
		write_all(64 * 1024);
		check(unlink(kind), "unlink");
	} else if (!strcmp(kind, "storm")) {
		reopen(fresh);
		storm(800);
	} else if (!strcmp(kind, "turns")) {
		take_turns();
	} else if (!strcmp(kind, "threads")) {
		reopen(fresh);
		write_in_threads();
	} else if (!strcmp(kind, "uring")) {
		reopen(fresh);
		write_with_uring();
	} else if (!strcmp(kind, "mmap-write")) {
		reopen(O_RDWR);
		touch_mapping(PROT_READ | PROT_WRITE);
	} else if (!strcmp(kind, "read")) {
		open_uncached(0);
		read_all(16 * 1024);
	} else if (!strcmp(kind, "pread")) {
		open_uncached(0);
		for (int at = SIZE - PAGE; at >= 0; at -= PAGE)
			check(pread(file, buffer, PAGE, at), "pread");
	} else if (!strcmp(kind, "direct-read")) {
		open_uncached(O_DIRECT);
		read_all(64 * 1024);
	} else if (!strcmp(kind, "mmap-read")) {
		open_uncached(0);
		touch_mapping(PROT_READ);
	} else if (!strcmp(kind, "sendfile")) {
		open_uncached(0);
		send_to_null();
	} else if (!strcmp(kind, "readahead")) {
		reopen(O_RDONLY);
		check(posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED), "fadvise");
		check(readahead(file, 0, SIZE), "readahead");
		read_all(64 * 1024);
	} else
		errx(2, "no kind %s", kind);
	return 0;
}
