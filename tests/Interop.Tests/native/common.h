/* What the C programs of the tests have in common. */
#ifndef COMMON_H
#define COMMON_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vemkernels.h"

/* Ends the program with the library's own words where a call failed. */
static inline void check(int32_t status, const char *what)
{
    if (status != VEM_OK) {
        char text[1024];
        vem_last_error(text, sizeof text);
        fprintf(stderr, "%s: status %d: %s\n", what, status, text);
        exit(1);
    }
}

static inline void require(int condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "not as it should be: %s\n", what);
        exit(1);
    }
}

/* A matrix whose rows lie one after another. */
static inline vem_matrix describe(void *data, int32_t type, int64_t rows, int64_t columns)
{
    vem_matrix m;
    memset(&m, 0, sizeof m);
    m.data = data;
    m.type = type;
    m.rows = rows;
    m.columns = columns;
    m.row_stride = columns;
    m.column_stride = 1;
    return m;
}

/* The next of a fixed sequence in -1 to 1 (a linear congruential generator). */
static inline float draw(void)
{
    static uint32_t state = 4321;
    state = state * 1664525u + 1013904223u;
    return (float)(state >> 8) / (1 << 23) - 1.0f;
}

#endif
