// One step of proximal gradient descent on the sparse group lasso (IBackend.SparseGroupProximalStep), an item a column.
// The gradient is the workspace: it comes to hold the thresholded values.

KERNEL sparse_group_step(
    REAL step, REAL momentum, int has_linear, GLOBAL const int *ends, int groups, VIEW(const REAL, linear),
    VIEW(const REAL, thresholds),
    VIEW(const REAL, active), VIEW(REAL, gradient), VIEW(REAL, point), VIEW(REAL, weights), VIEW(ACC, changes),
    INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j >= columns)
    {
        return;
    }

    ACC moved = ACC_ZERO;
    ACC size = ACC_ZERO;
    if (AT(active, 0, j) != (REAL)0)
    {
        const REAL soft = AT(thresholds, 0, j);
        const REAL shrink = AT(thresholds, 1, j);
        INDEX start = 0;
        for (int g = 0; g <= groups; g++)
        {
            // Rows after the last group are thresholded only.
            const INDEX end = g < groups ? (INDEX)ends[g] : rows;
            ACC squares = ACC_ZERO;
            for (INDEX i = start; i < end; i++)
            {
                REAL slope = AT(gradient, i, j);
                slope = has_linear ? slope - AT(linear, i, j) : slope;
                const REAL z = AT(point, i, j) - step * slope;
                const REAL magnitude = fabs(z) - soft;
                const REAL u = magnitude <= (REAL)0 ? (REAL)0 : (z < (REAL)0 ? -magnitude : magnitude);
                AT(gradient, i, j) = u;
                ACC_ADD_PRODUCT(squares, u, u);
            }

            const REAL norm = acc_round(acc_root(squares));
            const REAL factor = g == groups ? (REAL)1 : norm <= shrink ? (REAL)0 : (REAL)1 - shrink / norm;
            for (INDEX i = start; i < end; i++)
            {
                const REAL w = factor * AT(gradient, i, j);
                const REAL change = w - AT(weights, i, j);
                ACC_ADD_PRODUCT(moved, change, change);
                ACC_ADD_PRODUCT(size, w, w);
                AT(point, i, j) = w + momentum * change;
                AT(weights, i, j) = w;
            }

            start = end;
        }
    }

    AT(changes, 0, j) = moved;
    AT(changes, 1, j) = size;
}
