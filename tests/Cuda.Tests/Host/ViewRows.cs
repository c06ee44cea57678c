namespace VemKernels.Cuda.Tests;

/// <summary>The elements of a view, row by row.</summary>
internal static class ViewRows
{
    public static IEnumerable<float> ToRows(this MatrixView<float> view)
    {
        for (nint i = 0; i < view.Rows; i++)
        {
            for (nint j = 0; j < view.Columns; j++)
            {
                yield return view[i, j];
            }
        }
    }
}
