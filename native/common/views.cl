// Views: a pointer, an offset and two strides, counted in elements. A transpose, a window, Fortran order are all views.
//
//              columns ->
//   rows   a[offset + i rs + j cs]
//    |
//
// REAL is the element type, a -D option: float or double.

#define VIEW(T, a) GLOBAL T *a, INDEX a##_offset, INDEX a##_rs, INDEX a##_cs

#define AT(a, i, j) a[a##_offset + (i) * a##_rs + (j) * a##_cs]

// Items of dimension 0 take a column each; those of dimension 1 share the rows.
#define FOR_EACH_ROW(i, rows) for (INDEX i = GLOBAL_ID(1); i < (rows); i += GLOBAL_SIZE(1))
