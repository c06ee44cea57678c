// ACC: what sums run in. Double where the device has it; elsewhere a pair of floats, high and low, worth about 46 bits
// (Dekker 1971; Hida, Li and Bailey 2001, section 3, in the versions without special cases).

#ifdef HAS_FP64

typedef double ACC;

#define ACC_ZERO 0.0

FUNCTION ACC acc_of(REAL x) { return (double)x; }
FUNCTION REAL acc_round(ACC a) { return (REAL)a; }
FUNCTION ACC acc_of_count(INDEX n) { return (double)n; }
FUNCTION ACC acc_add(ACC a, ACC b) { return a + b; }
FUNCTION ACC acc_subtract(ACC a, ACC b) { return a - b; }
FUNCTION ACC acc_multiply(ACC a, ACC b) { return a * b; }
FUNCTION ACC acc_divide(ACC a, ACC b) { return a / b; }
FUNCTION ACC acc_product(REAL a, REAL b) { return (double)a * (double)b; }
FUNCTION ACC acc_root(ACC a) { return sqrt(a); }
FUNCTION ACC acc_absolute(ACC a) { return fabs(a); }
FUNCTION int acc_less(ACC a, ACC b) { return a < b; }
FUNCTION int acc_is_zero(ACC a) { return a == 0.0; }

#else

typedef float2 ACC;

#define ACC_ZERO ((float2)(0.0f, 0.0f))

FUNCTION ACC acc_of(float x) { return (float2)(x, 0.0f); }
FUNCTION float acc_round(ACC a) { return a.x + a.y; }

// |a| >= |b|; an infinite or invalid sum stays what it is.
FUNCTION ACC acc_quick(float a, float b)
{
    float sum = a + b;
    float low = b - (sum - a);
    return (float2)(sum, isfinite(sum) ? low : 0.0f);
}

FUNCTION ACC acc_of_count(INDEX n)
{
    float high = (float)n;
    return acc_quick(high, (float)(n - (INDEX)high));
}

FUNCTION ACC acc_add(ACC a, ACC b)
{
    float sum = a.x + b.x;
    float shadow = sum - a.x;
    float low = (a.x - (sum - shadow)) + (b.x - shadow);
    return isfinite(sum) ? acc_quick(sum, low + a.y + b.y) : (float2)(sum, 0.0f);
}

FUNCTION ACC acc_subtract(ACC a, ACC b) { return acc_add(a, -b); }

FUNCTION ACC acc_product(float a, float b)
{
    float product = a * b;
    return (float2)(product, isfinite(product) ? fma(a, b, -product) : 0.0f);
}

FUNCTION ACC acc_multiply(ACC a, ACC b)
{
    ACC p = acc_product(a.x, b.x);
    return isfinite(p.x) ? acc_quick(p.x, p.y + (a.x * b.y + a.y * b.x)) : p;
}

FUNCTION ACC acc_divide(ACC a, ACC b)
{
    float first = a.x / b.x;
    if (!isfinite(first) || first == 0.0f)
    {
        return (float2)(first, 0.0f);
    }

    ACC rest = acc_subtract(a, acc_multiply(b, acc_of(first)));
    float second = rest.x / b.x;
    rest = acc_subtract(rest, acc_multiply(b, acc_of(second)));
    return acc_add(acc_quick(first, second), acc_of(rest.x / b.x));
}

FUNCTION ACC acc_root(ACC a)
{
    if (!(a.x > 0.0f) || !isfinite(a.x))
    {
        return acc_of(sqrt(a.x));
    }

    // One step of Newton's iteration on the root of the high part.
    float root = sqrt(a.x);
    ACC rest = acc_subtract(a, acc_product(root, root));
    return acc_quick(root, rest.x / (2.0f * root));
}

FUNCTION ACC acc_absolute(ACC a) { return a.x < 0.0f ? -a : a; }
FUNCTION int acc_less(ACC a, ACC b) { return a.x < b.x || (a.x == b.x && a.y < b.y); }
FUNCTION int acc_is_zero(ACC a) { return a.x == 0.0f && a.y == 0.0f; }

#endif

// sum + a b, and sum + a a: the product is exact, the sum rounded to ACC.
#define ACC_ADD_PRODUCT(sum, a, b) (sum) = acc_add((sum), acc_product((a), (b)))

// Sum of squared deviations from the mean: of squares about a rounded mean, from which the deviations sum to rest. Zero
// for a constant column, whose deviation is no larger than the rounding of its mean; NaN stays.
FUNCTION ACC acc_spread(ACC squares, ACC rest, ACC mean, ACC count)
{
    const ACC spread = acc_subtract(squares, acc_divide(acc_multiply(rest, rest), count));
    const ACC rounding = acc_multiply(acc_multiply(mean, mean), acc_product(REAL_EPSILON, REAL_EPSILON));
    const REAL value = acc_round(spread);
    return value == value && !acc_less(acc_multiply(count, rounding), spread) ? ACC_ZERO : spread;
}
