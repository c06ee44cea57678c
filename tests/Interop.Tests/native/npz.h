/* Arrays of a .npz file of numpy: a zip archive of .npy files. Enough for the tests' own files. Link with -lz. */
#ifndef NPZ_H
#define NPZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct npz_array {
    double *values;
    int64_t shape[3];
    int dimensions;
} npz_array;

typedef struct npz_file {
    unsigned char *bytes;
    long size;
} npz_file;

static void npz_fail(const char *what, const char *name)
{
    fprintf(stderr, "%s: %s\n", name, what);
    exit(1);
}

static uint64_t npz_number(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    while (bytes-- > 0)
        value = value << 8 | at[bytes];
    return value;
}

static npz_file npz_open(const char *path)
{
    npz_file file = {NULL, 0};
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        npz_fail("cannot be opened", path);
    fseek(stream, 0, SEEK_END);
    file.size = ftell(stream);
    rewind(stream);
    file.bytes = malloc((size_t)file.size);
    if (file.bytes == NULL || fread(file.bytes, 1, (size_t)file.size, stream) != (size_t)file.size)
        npz_fail("cannot be read", path);
    fclose(stream);
    return file;
}

static unsigned char *npz_inflate(const unsigned char *packed, uint64_t bytes, uint64_t size, const char *name)
{
    unsigned char *plain = malloc(size + 1);
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    stream.next_in = (unsigned char *)packed;
    stream.avail_in = (unsigned)bytes;
    stream.next_out = plain;
    stream.avail_out = (unsigned)size;
    if (plain == NULL || inflateInit2(&stream, -MAX_WBITS) != Z_OK || inflate(&stream, Z_FINISH) != Z_STREAM_END)
        npz_fail("cannot be inflated", name);
    inflateEnd(&stream);
    return plain;
}

/* The array of that name, its elements as doubles. */
static npz_array npz_get(const npz_file *file, const char *name)
{
    npz_array array = {NULL, {1, 1, 1}, 0};
    const unsigned char *end = file->bytes + file->size, *at = end - 22;
    while (at > file->bytes && npz_number(at, 4) != 0x06054b50u) /* the end of the central directory */
        --at;
    int entries = (int)npz_number(at + 10, 2);
    at = file->bytes + npz_number(at + 16, 4);
    for (; entries > 0; --entries) {
        size_t length = (size_t)npz_number(at + 28, 2);
        if (length == strlen(name) + 4 && memcmp(at + 46, name, length - 4) == 0)
            break;
        at += 46 + length + npz_number(at + 30, 2) + npz_number(at + 32, 2);
    }
    if (entries == 0)
        npz_fail("is not in the file", name);
    int method = (int)npz_number(at + 10, 2);
    uint64_t packed = npz_number(at + 20, 4), size = npz_number(at + 24, 4);
    at = file->bytes + npz_number(at + 42, 4);
    at += 30 + npz_number(at + 26, 2) + npz_number(at + 28, 2); /* now at the .npy file */
    if (method == 8)
        at = npz_inflate(at, packed, size, name);
    else if (method != 0)
        npz_fail("is compressed in a way that this program does not know", name);
    char header[1024] = {0};
    int wide = at[6] > 1;
    size_t length = (size_t)npz_number(at + 8, wide ? 4 : 2);
    if (length >= sizeof header)
        npz_fail("has too long a header", name);
    memcpy(header, at + (wide ? 12 : 10), length);
    at += (wide ? 12 : 10) + length;
    int by_columns = strstr(header, "'fortran_order': True") != NULL;
    int integers = strstr(header, "'<i8'") != NULL;
    if (!integers && strstr(header, "'<f8'") == NULL)
        npz_fail("holds neither doubles nor integers of 64 bits", name);
    const char *text = strchr(strstr(header, "'shape'"), '(') + 1;
    int64_t count = 1, i;
    while (*text != ')') {
        char *after;
        long long size = strtoll(text, &after, 10);
        if (after == text || array.dimensions == 3)
            npz_fail("has a shape that this program does not know", name);
        array.shape[array.dimensions++] = size;
        count *= size;
        text = after + strspn(after, ", ");
    }
    array.values = malloc((size_t)(count > 0 ? count : 1) * sizeof(double));
    if (array.values == NULL)
        npz_fail("does not fit in memory", name);
    if (by_columns && array.dimensions != 2)
        npz_fail("is in Fortran order and no matrix", name);
    for (i = 0; i < count; ++i) {
        int64_t from = by_columns ? i % array.shape[1] * array.shape[0] + i / array.shape[1] : i;
        memcpy(array.values + i, at + (size_t)from * sizeof(double), sizeof(double));
    }
    if (integers)
        for (i = 0; i < count; ++i) {
            int64_t value;
            memcpy(&value, array.values + i, sizeof value);
            array.values[i] = (double)value;
        }
    return array;
}

#endif
