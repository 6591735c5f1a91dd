/**
 * The state of a life: bits of one column, and the ways between them.
 *
 *     (none) --first record--> LIVE [NEW until a sample shows it; not NEW if it was there before the watch]
 *     LIVE --no answer--> MISSING --an answer--> LIVE
 *     LIVE or MISSING --exit message--> ENDED [GROUP_DEAD if it was the last of its process]
 *     MISSING --the scan is settled--> ENDED, without a message: it vanished
 *     MISSING --execve took it to the main thread's tid--> LIVE
 *     (none) --first seen as a zombie of before the watch--> ENDED, REPORTED
 *     ENDED --a sample shows it--> REPORTED --its tid is no longer listed--> (none)
 *
 * LIVE is neither ENDED nor MISSING. KERNEL_THREAD never changes; DIRTY and DELAYS_UNSURE hold until the next sample.
 */

/** The life is over; its slot stays until its tid is no longer listed, because a zombie still answers. */
export const ENDED = 1;
/** Began while we watched, and no sample has shown it yet. */
export const NEW = 2;
/** In the list of slots that the next sample must look at. */
export const DIRTY = 4;
/** Did not answer, and no exit message has come (yet). */
export const MISSING = 8;
/** A kernel thread. */
export const KERNEL_THREAD = 16;
/** A sample has shown the end of the life. */
export const REPORTED = 32;
/** It was the last of its process to end: what comes under its tid later is another process. */
export const GROUP_DEAD = 64;
/** The kernel has added a wait that cannot be: until the next sample the delays are unknown. */
export const DELAYS_UNSURE = 128;
