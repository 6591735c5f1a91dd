/** The kernel's own limit on the symbolic links of one path (MAXSYMLINKS, include/linux/namei.h). */
export const MOST_LINKS = 40;
