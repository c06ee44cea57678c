using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>vem_random_search_options of the header, which says what the fields mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemRandomSearchOptions
{
    public long Size;
    public double* Alphas;
    public long AlphasCount;
    public delegate* unmanaged[Cdecl]<void*, VemMatrix*, VemMatrix*, double*, int> ScoreFunction;
    public void* ScoreUser;
    public long MemoryBytes;
    public long Seed;
    public double RedundantAlphaTolerance;
    public int Score;
    public int FitIntercept;
    public int LocalAlpha;
    public int ShareCandidate;
    public int Conservative;
    public int JitterAlphas;
    public int Space;
    public int Way;
    public int Diagonalization;
    public int CheckFinite;
}
