/*
 * exit.h - what beproductctl exits with: design.md, section 9.
 *
 * Runs in: beproductctl.
 */
#ifndef BP_CTL_EXIT_H
#define BP_CTL_EXIT_H

enum {
	BP_EXIT_GOOD = 0,
	BP_EXIT_CONFIG = 3,
	BP_EXIT_USAGE = 4
};

#endif
