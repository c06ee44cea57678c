// Operations on elements, one by one. Items of dimension 0 take a column each, those of dimension 1 share the rows.

KERNEL copy(VIEW(const REAL, A), VIEW(REAL, B), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            AT(B, i, j) = AT(A, i, j);
        }
    }
}

#ifdef HAS_FP64

KERNEL to_single(VIEW(const REAL, A), VIEW(float, B), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            AT(B, i, j) = (float)AT(A, i, j);
        }
    }
}

KERNEL to_double(VIEW(const REAL, A), VIEW(double, B), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            AT(B, i, j) = (double)AT(A, i, j);
        }
    }
}

#endif

KERNEL fill(REAL value, VIEW(REAL, A), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            AT(A, i, j) = value;
        }
    }
}

// A += value.
KERNEL add_value(REAL value, VIEW(REAL, A), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            AT(A, i, j) += value;
        }
    }
}

// B += alpha A.
KERNEL add_scaled(REAL alpha, VIEW(const REAL, A), VIEW(REAL, B), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            AT(B, i, j) += alpha * AT(A, i, j);
        }
    }
}

// B(i, j) = r(i) A(i, j) c(j); a factor that is not there is one. Factors are rows of a view: r(0, i), c(0, j).
KERNEL scale(
    int has_r, int has_c, VIEW(const REAL, A), VIEW(const REAL, r), VIEW(const REAL, c), VIEW(REAL, B), INDEX rows,
    INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        REAL factor = has_c ? AT(c, 0, j) : (REAL)1;
        FOR_EACH_ROW(i, rows)
        {
            REAL value = AT(A, i, j);
            value = has_r ? value * AT(r, 0, i) : value;
            AT(B, i, j) = has_c ? value * factor : value;
        }
    }
}

// B = A . W.
KERNEL multiply(VIEW(const REAL, A), VIEW(const REAL, W), VIEW(REAL, B), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            AT(B, i, j) = AT(A, i, j) * AT(W, i, j);
        }
    }
}

// A(i, j) -= row(0, j).
KERNEL subtract_row(VIEW(const REAL, row), VIEW(REAL, A), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        REAL value = AT(row, 0, j);
        FOR_EACH_ROW(i, rows)
        {
            AT(A, i, j) -= value;
        }
    }
}

// B(i, j) = a(j) A(i, j) + b(j) B(i, j); a factor that is not there is one.
KERNEL combine_columns(
    int has_a, int has_b, VIEW(const REAL, A), VIEW(const REAL, a), VIEW(const REAL, b), VIEW(REAL, B), INDEX rows,
    INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        REAL of_a = has_a ? AT(a, 0, j) : (REAL)1;
        REAL of_b = has_b ? AT(b, 0, j) : (REAL)1;
        FOR_EACH_ROW(i, rows)
        {
            AT(B, i, j) = of_a * AT(A, i, j) + of_b * AT(B, i, j);
        }
    }
}

// B(i, j) = A(index[i], j). Columns are gathered by transposed views.
KERNEL gather_rows(VIEW(const REAL, A), GLOBAL const int *index, VIEW(REAL, B), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            AT(B, i, j) = AT(A, (INDEX)index[i], j);
        }
    }
}

// B(index[i], j) = A(i, j).
KERNEL scatter_rows(VIEW(const REAL, A), GLOBAL const int *index, VIEW(REAL, B), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            AT(B, (INDEX)index[i], j) = AT(A, i, j);
        }
    }
}

// B(r, c) = A(rows[r], columns[c]) - offsets(0, columns[c]).
KERNEL gather_block(
    int has_offsets, VIEW(const REAL, A), GLOBAL const int *row_index, GLOBAL const int *column_index,
    VIEW(const REAL, offsets),
    VIEW(REAL, B), INDEX rows, INDEX columns)
{
    INDEX c = GLOBAL_ID(0);
    if (c < columns)
    {
        INDEX column = column_index[c];
        REAL offset = has_offsets ? AT(offsets, 0, column) : (REAL)0;
        FOR_EACH_ROW(r, rows)
        {
            AT(B, r, c) = AT(A, (INDEX)row_index[r], column) - offset;
        }
    }
}

// The lower triangle mirrored to the upper one.
KERNEL mirror(VIEW(REAL, A), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            if (i < j)
            {
                AT(A, i, j) = AT(A, j, i);
            }
        }
    }
}
