// Chains of multiply-adds that stay in registers: what the device could do at most. Eight vectors of chains hide the
// latency.

#define CHAINS 8

KERNEL multiply_adds(REAL factor, REAL addend, GLOBAL REAL *out, int steps)
{
    REAL_PEAK_VECTOR chain[CHAINS];
    for (int c = 0; c < CHAINS; c++)
    {
        chain[c] = (REAL_PEAK_VECTOR)((REAL)(c + 1) + (REAL)GLOBAL_ID(0));
    }

    for (int s = 0; s < steps; s++)
    {
        for (int c = 0; c < CHAINS; c++)
        {
            chain[c] = FMA(chain[c], (REAL_PEAK_VECTOR)factor, (REAL_PEAK_VECTOR)addend);
        }
    }

    REAL_PEAK_VECTOR sum = chain[0];
    for (int c = 1; c < CHAINS; c++)
    {
        sum += chain[c];
    }

    out[GLOBAL_ID(0)] = PEAK_FIRST(sum);
}
