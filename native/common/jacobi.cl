// Jacobi's method for many small matrices, a work-group each. Pairs of rows and columns that do not meet are rotated at
// once, in the order of a round-robin tournament (Golub and Van Loan 2013, section 8.5.5): of m players (n, or n + 1
// with a bye) the last stays, the others move on by one a round, and after m - 1 rounds, a sweep, every pair has met.
//
//   work of a matrix: symmetric_eigen  S (n x n), Q (n x n)      thin_svd  U (m x n), V (n x n)
//
// Matrices are scaled by a power of two first, so that squares neither overflow nor vanish.

#define NOT_FINITE 1
#define NOT_CONVERGED 2
#define SWEEPS 40

// The players of pair p in a round; second may be the bye.
FUNCTION int first_of_pair(int p, int round, int players)
{
    return p == 0 ? players - 1 : (round + p) % (players - 1);
}

FUNCTION int second_of_pair(int p, int round, int players) { return (round + players - 1 - p) % (players - 1); }

// 2^-exponent brings the largest size into [1, 2).
FUNCTION int exponent_of(REAL largest) { return largest == (REAL)0 ? 0 : ilogb(largest); }

// The largest |value| over all items, or NaN if any is not finite.
FUNCTION REAL largest_of_group(REAL value, LOCAL_POINTER REAL *shared)
{
    const int item = LOCAL_ID(0);
    shared[item] = value;
    BARRIER;
    REAL largest = (REAL)0;
    for (int i = 0; i < JACOBI_GROUP; i++)
    {
        largest = shared[i] != shared[i] || largest != largest ? (REAL)NAN : shared[i] > largest ? shared[i] : largest;
    }

    BARRIER;
    return largest;
}

FUNCTION int any_of_group(int value, LOCAL_POINTER int *shared)
{
    shared[LOCAL_ID(0)] = value;
    BARRIER;
    int any = 0;
    for (int i = 0; i < JACOBI_GROUP; i++)
    {
        any |= shared[i];
    }

    BARRIER;
    return any;
}

// Positions of n values in ascending order (sign 1) or descending order (sign -1), by one item.
FUNCTION void sort_positions(LOCAL_POINTER const REAL *values, REAL sign, int n, LOCAL_POINTER int *order)
{
    for (int i = 0; i < n; i++)
    {
        int at = i;
        while (at > 0 && sign * values[order[at - 1]] > sign * values[i])
        {
            order[at] = order[at - 1];
            at--;
        }

        order[at] = i;
    }
}

KERNEL_OF(JACOBI_GROUP, 1, 1)
symmetric_eigen(VIEW(REAL, A), INDEX A_batch, VIEW(REAL, w), GLOBAL REAL *work, int n, GLOBAL int *status)
{
    LOCAL REAL shared[JACOBI_GROUP];
    LOCAL int shared_flags[JACOBI_GROUP];
    LOCAL REAL cosines[JACOBI_LARGEST / 2 + 1];
    LOCAL REAL sines[JACOBI_LARGEST / 2 + 1];
    LOCAL REAL values[JACOBI_LARGEST];
    LOCAL int order[JACOBI_LARGEST];
    const int item = LOCAL_ID(0);
    const INDEX matrix = GROUP_ID(0);
    A += matrix * A_batch;
    GLOBAL REAL *S = work + matrix * 2 * n * n;
    GLOBAL REAL *Q = S + n * n;

    REAL own = (REAL)0;
    for (int e = item; e < n * n; e += JACOBI_GROUP)
    {
        const int i = e / n;
        const int k = e % n;
        if (k <= i)
        {
            const REAL size = fabs(AT(A, i, k));
            own = !(size < (REAL)INFINITY) ? (REAL)NAN : size > own ? size : own;
        }
    }

    const REAL largest = largest_of_group(own, shared);
    const int valid = largest == largest;
    const int exponent = valid ? exponent_of(largest) : 0;
    REAL squares = (REAL)0;
    for (int e = item; e < n * n; e += JACOBI_GROUP)
    {
        const int i = e / n;
        const int k = e % n;
        const REAL value = k <= i ? AT(A, i, k) : AT(A, k, i);
        S[e] = ldexp(value, -exponent);
        Q[e] = (REAL)(i == k);
    }

    BARRIER_GLOBAL;
    for (int e = 0; e < n * n; e++)
    {
        squares += S[e] * S[e];
    }

    const REAL tolerance = REAL_EPSILON * sqrt(squares) / (REAL)n;
    const int players = n + (n & 1);
    const int pairs = players / 2;
    int rotates = valid && n > 1;
    for (int sweep = 0; sweep < SWEEPS && rotates; sweep++)
    {
        int rotated = 0;
        for (int round = 0; round < players - 1; round++)
        {
            for (int p = item; p < pairs; p += JACOBI_GROUP)
            {
                const int i = first_of_pair(p, round, players);
                const int j = second_of_pair(p, round, players);
                REAL c = (REAL)1;
                REAL s = (REAL)0;
                if (i < n && j < n && fabs(S[i * n + j]) > tolerance)
                {
                    const REAL tau = (S[j * n + j] - S[i * n + i]) / ((REAL)2 * S[i * n + j]);
                    const REAL t = (tau < (REAL)0 ? (REAL)-1 : (REAL)1) / (fabs(tau) + sqrt((REAL)1 + tau * tau));
                    c = (REAL)1 / sqrt((REAL)1 + t * t);
                    s = t * c;
                    rotated = 1;
                }

                cosines[p] = c;
                sines[p] = s;
            }

            BARRIER_GLOBAL; // S was read above, and is written below by other items
            for (int e = item; e < pairs * n; e += JACOBI_GROUP)
            {
                const int p = e / n;
                const int k = e % n;
                const int i = first_of_pair(p, round, players);
                const int j = second_of_pair(p, round, players);
                if (sines[p] != (REAL)0)
                {
                    const REAL x = S[i * n + k];
                    const REAL y = S[j * n + k];
                    S[i * n + k] = cosines[p] * x - sines[p] * y;
                    S[j * n + k] = sines[p] * x + cosines[p] * y;
                }
            }

            BARRIER_GLOBAL;
            for (int e = item; e < pairs * n; e += JACOBI_GROUP)
            {
                const int p = e / n;
                const int k = e % n;
                const int i = first_of_pair(p, round, players);
                const int j = second_of_pair(p, round, players);
                if (sines[p] != (REAL)0)
                {
                    REAL x = S[k * n + i];
                    REAL y = S[k * n + j];
                    S[k * n + i] = k == j ? (REAL)0 : cosines[p] * x - sines[p] * y;
                    S[k * n + j] = k == i ? (REAL)0 : sines[p] * x + cosines[p] * y;
                    x = Q[k * n + i];
                    y = Q[k * n + j];
                    Q[k * n + i] = cosines[p] * x - sines[p] * y;
                    Q[k * n + j] = sines[p] * x + cosines[p] * y;
                }
            }

            BARRIER_GLOBAL;
        }

        rotates = any_of_group(rotated, shared_flags);
    }

    for (int i = item; i < n; i += JACOBI_GROUP)
    {
        values[i] = S[i * n + i];
    }

    BARRIER;
    if (item == 0)
    {
        sort_positions(values, (REAL)1, n, order);
        status[matrix] = !valid ? NOT_FINITE : rotates && n > 1 ? NOT_CONVERGED : 0;
    }

    BARRIER;
    for (int e = item; e < n * n; e += JACOBI_GROUP)
    {
        AT(A, e / n, e % n) = Q[(e / n) * n + order[e % n]];
    }

    for (int k = item; k < n; k += JACOBI_GROUP)
    {
        AT(w, matrix, k) = ldexp(values[order[k]], exponent);
    }
}

// A unit vector orthogonal to the first k columns of U: a unit vector of the axis that they cover least, projected
// twice.
FUNCTION void complete_column(VIEW(REAL, U), int m, int k)
{
    int axis = 0;
    REAL least = (REAL)2;
    for (int i = 0; i < m; i++)
    {
        REAL covered = (REAL)0;
        for (int c = 0; c < k; c++)
        {
            covered += AT(U, i, c) * AT(U, i, c);
        }

        axis = covered < least ? i : axis;
        least = covered < least ? covered : least;
    }

    for (int i = 0; i < m; i++)
    {
        AT(U, i, k) = (REAL)(i == axis);
    }

    for (int pass = 0; pass < 2; pass++)
    {
        for (int c = 0; c < k; c++)
        {
            REAL dot = (REAL)0;
            for (int i = 0; i < m; i++)
            {
                dot += AT(U, i, c) * AT(U, i, k);
            }

            for (int i = 0; i < m; i++)
            {
                AT(U, i, k) -= dot * AT(U, i, c);
            }
        }

        REAL squares = (REAL)0;
        for (int i = 0; i < m; i++)
        {
            squares += AT(U, i, k) * AT(U, i, k);
        }

        const REAL length = sqrt(squares);
        for (int i = 0; i < m; i++)
        {
            AT(U, i, k) = AT(U, i, k) / length;
        }
    }
}

// One-sided: the columns of A (m x n, m >= n) are made orthogonal; their lengths are the singular values. V(i, k):
// right vectors in columns.
KERNEL_OF(JACOBI_GROUP, 1, 1)
thin_svd(
    VIEW(const REAL, A), INDEX A_batch, VIEW(REAL, U), INDEX U_batch, VIEW(REAL, s), VIEW(REAL, V), INDEX V_batch,
    GLOBAL REAL *work,
    int m, int n, GLOBAL int *status)
{
    LOCAL REAL shared[JACOBI_GROUP];
    LOCAL int shared_flags[JACOBI_GROUP];
    LOCAL REAL values[JACOBI_LARGEST];
    LOCAL int order[JACOBI_LARGEST];
    const int item = LOCAL_ID(0);
    const INDEX matrix = GROUP_ID(0);
    A += matrix * A_batch;
    U += matrix * U_batch;
    V += matrix * V_batch;
    GLOBAL REAL *X = work + matrix * (m + n) * n;
    GLOBAL REAL *W = X + m * n;

    REAL own = (REAL)0;
    for (int e = item; e < m * n; e += JACOBI_GROUP)
    {
        const REAL size = fabs(AT(A, e / n, e % n));
        own = own != own || !(size < (REAL)INFINITY) ? (REAL)NAN : size > own ? size : own;
    }

    const REAL largest = largest_of_group(own, shared);
    const int valid = largest == largest;
    const int exponent = valid ? exponent_of(largest) : 0;
    for (int e = item; e < m * n; e += JACOBI_GROUP)
    {
        X[e] = ldexp(AT(A, e / n, e % n), -exponent);
    }

    for (int e = item; e < n * n; e += JACOBI_GROUP)
    {
        W[e] = (REAL)(e / n == e % n);
    }

    BARRIER_GLOBAL;
    const REAL tolerance = (REAL)4 * REAL_EPSILON * sqrt((REAL)m);
    const int players = n + (n & 1);
    int rotates = valid && n > 1;
    for (int sweep = 0; sweep < SWEEPS && rotates; sweep++)
    {
        int rotated = 0;
        for (int round = 0; round < players - 1; round++)
        {
            for (int p = item; p < players / 2; p += JACOBI_GROUP)
            {
                const int i = first_of_pair(p, round, players);
                const int j = second_of_pair(p, round, players);
                if (i >= n || j >= n)
                {
                    continue;
                }

                REAL alpha = (REAL)0;
                REAL beta = (REAL)0;
                REAL gamma = (REAL)0;
                for (int k = 0; k < m; k++)
                {
                    alpha += X[k * n + i] * X[k * n + i];
                    beta += X[k * n + j] * X[k * n + j];
                    gamma += X[k * n + i] * X[k * n + j];
                }

                // A column under the rounding of the largest is noise, and gets another left vector below: it need not
                // turn.
                const REAL shorter = sqrt(alpha < beta ? alpha : beta);
                if (!(fabs(gamma) > tolerance * sqrt(alpha) * sqrt(beta)) || shorter <= REAL_EPSILON / (REAL)8)
                {
                    continue;
                }

                rotated = 1;
                const REAL zeta = (beta - alpha) / ((REAL)2 * gamma);
                const REAL t = (zeta < (REAL)0 ? (REAL)-1 : (REAL)1) / (fabs(zeta) + sqrt((REAL)1 + zeta * zeta));
                const REAL c = (REAL)1 / sqrt((REAL)1 + t * t);
                const REAL sine = t * c;
                for (int k = 0; k < m; k++)
                {
                    const REAL x = X[k * n + i];
                    const REAL y = X[k * n + j];
                    X[k * n + i] = c * x - sine * y;
                    X[k * n + j] = sine * x + c * y;
                }

                for (int k = 0; k < n; k++)
                {
                    const REAL x = W[k * n + i];
                    const REAL y = W[k * n + j];
                    W[k * n + i] = c * x - sine * y;
                    W[k * n + j] = sine * x + c * y;
                }
            }

            BARRIER_GLOBAL;
        }

        rotates = any_of_group(rotated, shared_flags);
    }

    for (int k = item; k < n; k += JACOBI_GROUP)
    {
        REAL squares = (REAL)0;
        for (int i = 0; i < m; i++)
        {
            squares += X[i * n + k] * X[i * n + k];
        }

        values[k] = sqrt(squares);
    }

    BARRIER;
    if (item == 0)
    {
        sort_positions(values, (REAL)-1, n, order);
        status[matrix] = !valid ? NOT_FINITE : rotates && n > 1 ? NOT_CONVERGED : 0;
    }

    BARRIER;
    const REAL smallest = REAL_EPSILON * values[order[0]];
    for (int k = item; k < n; k += JACOBI_GROUP)
    {
        const REAL value = values[order[k]];
        AT(s, matrix, k) = ldexp(value, exponent);
        for (int i = 0; i < m; i++)
        {
            AT(U, i, k) = value > smallest ? X[i * n + order[k]] / value : (REAL)0;
        }

        for (int i = 0; i < n; i++)
        {
            AT(V, i, k) = W[i * n + order[k]];
        }
    }

    BARRIER_GLOBAL;
    if (item == 0 && valid)
    {
        for (int k = 0; k < n; k++)
        {
            if (!(values[order[k]] > smallest))
            {
                complete_column(U, U_offset, U_rs, U_cs, m, k);
            }
        }
    }
}
