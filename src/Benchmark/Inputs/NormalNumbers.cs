namespace VemKernels.Benchmark.Inputs;

/// <summary>Standard normal numbers from a seed, by the method of Box and Muller (1958).</summary>
internal sealed class NormalNumbers(int seed)
{
    private readonly Random _uniform = new(seed);
    private double _spare;
    private bool _hasSpare;

    /// <summary>The next number.</summary>
    public double Next()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        double radius = Math.Sqrt(-2 * Math.Log(1 - _uniform.NextDouble()));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * _uniform.NextDouble());
        _spare = radius * sine;
        _hasSpare = true;
        return radius * cosine;
    }
}
