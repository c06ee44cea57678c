using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <content>Copies and sums on a processor, of matrices whose rows lie element by element.</content>
public sealed partial class OpenClBackend
{
    private const string RowsSource = "rows";

    /// <inheritdoc/>
    private protected override void Copy<T>(BufferView from, BufferView to)
    {
        if (!LieByRows(from, to))
        {
            base.Copy<T>(from, to);
            return;
        }

        RunRows<T>(Call<T>(RowsSource, "copy_rows"), from, to);
    }

    /// <inheritdoc/>
    private protected override void AddScaled<T>(double alpha, BufferView a, BufferView b)
    {
        if (!LieByRows(a, b))
        {
            base.AddScaled<T>(alpha, a, b);
            return;
        }

        KernelCall call = Call<T>(RowsSource, "add_scaled_rows");
        call.Real<T>(alpha);
        RunRows<T>(call, a, b);
    }

    private static void RunRows<T>(KernelCall call, BufferView a, BufferView b)
        where T : unmanaged
    {
        call.Rows(a);
        call.Rows(b);
        call.Size(b.Columns);
        call.RunColumns(b.Rows, b.Columns);
    }

    private bool LieByRows(BufferView a, BufferView b) =>
        Options.WorksAsProcessor(Device) && a.ColumnStride == 1 && b.ColumnStride == 1;
}
