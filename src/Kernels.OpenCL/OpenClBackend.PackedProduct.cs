using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <content>Products on a processor: packed panels, and a micro-kernel on explicit vectors.</content>
public sealed partial class OpenClBackend
{
    /// <inheritdoc/>
    private protected override void Product<T>(double alpha, BufferView a, BufferView b, double beta, BufferView c)
    {
        if (!Options.WorksAsProcessor(Device))
        {
            base.Product<T>(alpha, a, b, beta, c);
            return;
        }

        const int Block = PackedGemmTuning.BlockMN;
        PackedGemmTuning tuning = typeof(T) == typeof(float) ? _packedSingle : _packedDouble;
        nint blockK = Math.Min(PackedGemmTuning.BlockK, Math.Max(a.Columns, 1));
        using Scratch packedA = Rent<T>(Math.Min(c.Rows, Block) + tuning.PanelM, blockK);
        using Scratch packedB = Rent<T>(Math.Min(c.Columns, Block) + tuning.PanelN, blockK);
        for (nint column = 0; column < c.Columns; column += Block)
        {
            nint columns = Math.Min(Block, c.Columns - column);

            // A product of no terms still scales C: one block of none.
            for (nint first = 0; first == 0 || first < a.Columns; first += blockK)
            {
                nint k = Math.Min(blockK, a.Columns - first);
                Pack<T>(tuning, b.SliceColumns(column, columns).Transposed, packedB.View.Buffer, tuning.PanelN, first,
                    k);
                for (nint row = 0; row < c.Rows; row += Block)
                {
                    nint rows = Math.Min(Block, c.Rows - row);
                    Pack<T>(tuning, a.SliceRows(row, rows), packedA.View.Buffer, tuning.PanelM, first, k);
                    MultiplyPanels<T>(
                        tuning, alpha, packedA.View.Buffer, packedB.View.Buffer, first == 0 ? beta : 1,
                        c.Block(row, column, rows, columns), k);
                }
            }
        }
    }

    private void MultiplyPanels<T>(
        PackedGemmTuning tuning, double alpha, DeviceBuffer packedA, DeviceBuffer packedB, double beta, BufferView c,
        nint k)
        where T : unmanaged
    {
        nint blockRows = (nint)PackedGemmTuning.BlockPanels * tuning.PanelM;
        KernelCall call = Call<T>(PackedGemmTuning.Source, "multiply_panels", tuning.Definitions<T>());
        call.Real<T>(alpha);
        call.Buffer(packedA);
        call.Buffer(packedB);
        call.Real<T>(beta);
        call.View(c);
        call.Size(c.Rows);
        call.Size(c.Columns);
        call.Size(k);
        call.Run(((c.Rows + blockRows - 1) / blockRows, (c.Columns + tuning.PanelN - 1) / tuning.PanelN, 1), (1, 1, 1));
    }

    private void Pack<T>(PackedGemmTuning tuning, BufferView source, DeviceBuffer packed, int width, nint first, nint k)
        where T : unmanaged
    {
        KernelCall call = Call<T>(PackedGemmTuning.Source, "pack", tuning.Definitions<T>());
        call.View(source);
        call.Buffer(packed);
        call.Int(width);
        call.Size(source.Rows);
        call.Size(first);
        call.Size(k);
        call.RunColumns((source.Rows + width - 1) / width, k);
    }
}
