// The held-out residuals of a fold, F = M_D E(D, :), and their score, without F leaving the multiprocessor: what the
// cross-validation tile does after its product E = Q (c . Z), for folds of at most 128 held-out rows.
//
//                  64 targets              A block of 256 threads takes a fold and 64 targets. E(D, :) is gathered into shared
//                 +----------+             memory once (rows of D through an index list, targets side by side). 16 columns of
//            D    | E(D, :)  |             M_D at a time are staged beside it, transposed; a thread computes 8 x 4 of F in
//                 +----------+             registers, read as vectors of 4: 32 multiply-adds for 3 loads. F then takes the
//        D                                 place of E, and each target's score is summed by 4 threads, in double, in a
//      +-----+    +----------+             fixed order.
//   D  | M_D |    | F        |
//      +-----+    +----------+
//
// Beside a gather, a product a fold and a pass of scores, the rows of E are read once, and nothing of their size is
// written: for folds as small as these, whose products memory bounds, that is most of the time.

#define MOST_ROWS 128
#define TARGETS 64
#define DEPTH 16
#define THREADS 256

// A column of M is padded by a vector: 16 lanes store 16 of k, 4 banks apart.
#define COLUMN_FOURS (MOST_ROWS / 4 + 1)

#define ITEM_ROWS 8
#define ITEM_TARGETS 4
#define ROW_GROUPS (MOST_ROWS / ITEM_ROWS)
#define TARGET_GROUPS (TARGETS / ITEM_TARGETS)
#define PARTS (THREADS / TARGETS)
#define NEGATIVE_SQUARED_ERROR 0

struct __align__(16) Four
{
    float value[4];
};

// The sum of the parts of a target, in the order of the parts; all threads of the block call it.
__device__ __forceinline__ double sum_of_parts(double own, double *shared, int target, int part)
{
    shared[part * TARGETS + target] = own;
    __syncthreads();
    double sum = 0.0;
    for (int p = 0; p < PARTS; p++)
    {
        sum += shared[p * TARGETS + target];
    }

    __syncthreads();
    return sum;
}

// held_ends: where each fold's rows end in held (rows of E) and in the stack M; ends: where its scored rows end in
// y_rows (rows of Y) and p_rows (rows of the stack).
KERNEL_OF(THREADS, 1, 1)
fold_scores(
    int kind, VIEW(const float, M), VIEW(const float, E), const int *held, const int *held_ends, VIEW(const float, Y),
    const int *y_rows, const int *p_rows, const int *ends, VIEW(double, scores), INDEX targets)
{
    __shared__ Four rows[MOST_ROWS * TARGETS / 4];
    __shared__ Four columns_of_m[DEPTH * COLUMN_FOURS];
    __shared__ double sums[PARTS * TARGETS];
    float *f = (float *)rows;
    float *m = (float *)columns_of_m;
    const int fold = blockIdx.y;
    const int start = fold == 0 ? 0 : held_ends[fold - 1];
    const int d = held_ends[fold] - start;
    const INDEX target0 = (INDEX)blockIdx.x * TARGETS;
    for (int e = threadIdx.x; e < MOST_ROWS * TARGETS; e += THREADS)
    {
        const int row = e / TARGETS;
        const INDEX target = target0 + e % TARGETS;
        f[e] = row < d && target < targets ? AT(E, (INDEX)held[start + row], target) : 0.0f;
    }

    const int x = threadIdx.x % TARGET_GROUPS;
    const int y = threadIdx.x / TARGET_GROUPS;
    const int has_rows = y * ITEM_ROWS < d;
    float products[ITEM_ROWS][ITEM_TARGETS];
#pragma unroll
    for (int r = 0; r < ITEM_ROWS; r++)
    {
#pragma unroll
        for (int c = 0; c < ITEM_TARGETS; c++)
        {
            products[r][c] = 0.0f;
        }
    }

    for (int k0 = 0; k0 < d; k0 += DEPTH)
    {
        for (int e = threadIdx.x; e < DEPTH * MOST_ROWS; e += THREADS)
        {
            const int row = e / DEPTH;
            const int k = e % DEPTH;
            m[4 * k * COLUMN_FOURS + row] = row < d && k0 + k < d ? AT(M, start + row, k0 + k) : 0.0f;
        }

        __syncthreads();
#pragma unroll
        for (int k = 0; k < DEPTH && has_rows; k++)
        {
            // Rows of E beyond d are zeros, so the depth needs no end.
            const Four right = rows[(k0 + k) * TARGET_GROUPS + x];
            const Four upper = columns_of_m[k * COLUMN_FOURS + 2 * y];
            const Four lower = columns_of_m[k * COLUMN_FOURS + 2 * y + 1];
#pragma unroll
            for (int c = 0; c < ITEM_TARGETS; c++)
            {
#pragma unroll
                for (int r = 0; r < 4; r++)
                {
                    products[r][c] = FMA(upper.value[r], right.value[c], products[r][c]);
                    products[r + 4][c] = FMA(lower.value[r], right.value[c], products[r + 4][c]);
                }
            }
        }

        __syncthreads();
    }

#pragma unroll
    for (int r = 0; r < ITEM_ROWS; r++)
    {
        Four four;
#pragma unroll
        for (int c = 0; c < ITEM_TARGETS; c++)
        {
            four.value[c] = products[r][c];
        }

        rows[(y * ITEM_ROWS + r) * TARGET_GROUPS + x] = four;
    }

    __syncthreads();
    const int own = threadIdx.x % TARGETS;
    const int part = threadIdx.x / TARGETS;
    const INDEX target = target0 + own;
    const int is_there = target < targets;
    const int first = fold == 0 ? 0 : ends[fold - 1];
    const int last = ends[fold];
    double errors = 0.0;
    for (int i = first + part; i < last; i += PARTS)
    {
        const double error = f[(p_rows[i] - start) * TARGETS + own];
        errors += error * error;
    }

    errors = sum_of_parts(errors, sums, own, part);
    const double count = last - first;
    double score = -errors / count;
    if (kind != NEGATIVE_SQUARED_ERROR)
    {
        double total = 0.0;
        for (int i = first + part; i < last && is_there; i += PARTS)
        {
            total += AT(Y, (INDEX)y_rows[i], target);
        }

        const double mean = sum_of_parts(total, sums, own, part) / count;
        double rest = 0.0;
        double squares = 0.0;
        for (int i = first + part; i < last && is_there; i += PARTS)
        {
            const double deviation = AT(Y, (INDEX)y_rows[i], target) - mean;
            rest += deviation;
            squares += deviation * deviation;
        }

        rest = sum_of_parts(rest, sums, own, part);
        squares = acc_spread(sum_of_parts(squares, sums, own, part), rest, mean, count);
        score = squares == 0.0 ? 0.0 : 1.0 - errors / squares;
    }

    if (part == 0 && is_there)
    {
        AT(scores, fold, target) = score;
    }
}
