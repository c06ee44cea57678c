// Elementwise operations on matrices whose rows lie element by element, for processors: an item an element and nothing
// else, which is what compilers make vectors of. The kernels of common/elementwise.cl take any strides and loop over
// rows, and stay scalar there.
//
//   dimension 0: columns ->      a[offset + i rs + j]
//   dimension 1: rows

#define ROWS(T, a) GLOBAL T *a, INDEX a##_offset, INDEX a##_rs
#define ELEMENT(a) a[a##_offset + GLOBAL_ID(1) * a##_rs + GLOBAL_ID(0)]

KERNEL copy_rows(ROWS(const REAL, A), ROWS(REAL, B), INDEX columns)
{
    if (GLOBAL_ID(0) < columns)
    {
        ELEMENT(B) = ELEMENT(A);
    }
}

// B += alpha A.
KERNEL add_scaled_rows(REAL alpha, ROWS(const REAL, A), ROWS(REAL, B), INDEX columns)
{
    if (GLOBAL_ID(0) < columns)
    {
        ELEMENT(B) += alpha * ELEMENT(A);
    }
}
