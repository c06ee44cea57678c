// Chains of multiply-adds that stay in registers: what the device could do at most. Eight vectors of chains hide the
// latency. They have names instead of numbers: an array that a compiler does not unroll lives in memory.

#define FOR_EACH_CHAIN(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8)

#define DECLARE_CHAIN(c) REAL_PEAK_VECTOR chain##c = (REAL_PEAK_VECTOR)((REAL)c + (REAL)GLOBAL_ID(0));
#define STEP_CHAIN(c) chain##c = FMA(chain##c, factors, addends);
#define ADD_CHAIN(c) sum += chain##c;

KERNEL multiply_adds(REAL factor, REAL addend, GLOBAL REAL *out, int steps)
{
    const REAL_PEAK_VECTOR factors = (REAL_PEAK_VECTOR)factor;
    const REAL_PEAK_VECTOR addends = (REAL_PEAK_VECTOR)addend;
    FOR_EACH_CHAIN(DECLARE_CHAIN)
    for (int s = 0; s < steps; s++)
    {
        FOR_EACH_CHAIN(STEP_CHAIN)
    }

    REAL_PEAK_VECTOR sum = (REAL_PEAK_VECTOR)0;
    FOR_EACH_CHAIN(ADD_CHAIN)
    out[GLOBAL_ID(0)] = PEAK_FIRST(sum);
}
