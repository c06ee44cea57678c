using System.Numerics;

namespace VemKernels.OpenCL;

/// <content>Products and triangular solves.</content>
public sealed partial class OpenClBackend
{
    /// <summary>
    /// Rows of a triangular block that one kernel solves: 32 x 32 doubles are the 8 KB that any device has.
    /// </summary>
    private const int TrsmBlock = 32;

    /// <summary>Columns that a work-group solves.</summary>
    private const int TrsmGroup = 64;

    /// <summary>
    /// Rows of a strip of a symmetric product, of which what lies above the diagonal is not computed.
    /// </summary>
    private const int SyrkStrip = 512;

    private static readonly string TrsmDefinitions = $"-D TRSM_BLOCK={TrsmBlock} -D TRSM_GROUP={TrsmGroup}";

    /// <inheritdoc/>
    public void Gemm<T>(double alpha, DeviceView<T> A, DeviceView<T> B, double beta, DeviceView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Columns, C.Columns, nameof(B));
        Shapes.Require(C, A.Rows, B.Columns, nameof(C));
        if (IsHosted<T>())
        {
            Host.Gemm(alpha, OnHost(A, nameof(A)), OnHost(B, nameof(B)), beta, OnHost(C, nameof(C)));
            return;
        }

        Gemm<T>(alpha, OnDevice(A, nameof(A)), OnDevice(B, nameof(B)), beta, OnDevice(C, nameof(C)));
    }

    /// <inheritdoc/>
    public void Syrk<T>(double alpha, DeviceView<T> A, double beta, DeviceView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(C, A.Rows, A.Rows, nameof(C));
        if (IsHosted<T>())
        {
            Host.Syrk(alpha, OnHost(A, nameof(A)), beta, OnHost(C, nameof(C)));
            return;
        }

        Syrk<T>(alpha, OnDevice(A, nameof(A)), beta, OnDevice(C, nameof(C)));
    }

    /// <inheritdoc/>
    public void Trsm<T>(Triangle triangle, bool unitDiagonal, DeviceView<T> A, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.RequireSquare(A, nameof(A));
        Shapes.Require(B, A.Rows, B.Columns, nameof(B));
        if (IsHosted<T>())
        {
            Host.Trsm(triangle, unitDiagonal, OnHost(A, nameof(A)), OnHost(B, nameof(B)));
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        BufferView b = OnDevice(B, nameof(B));
        if (b.IsEmpty)
        {
            return;
        }

        if (triangle == Triangle.Upper)
        {
            (a, b) = (a.Reversed, b.RowsReversed);
        }

        for (nint first = 0; first < b.Rows; first += TrsmBlock)
        {
            nint rows = Math.Min(TrsmBlock, b.Rows - first);
            BufferView block = b.SliceRows(first, rows);
            if (first > 0)
            {
                Gemm<T>(-1, a.Block(first, 0, rows, first), b.SliceRows(0, first), 1, block);
            }

            TrsmBlocks<T>(unitDiagonal, a.Block(first, first, rows, rows), 0, block, 0, count: 1);
        }
    }

    /// <summary>Solves one block of rows, of each matrix of a stack.</summary>
    private void TrsmBlocks<T>(bool unitDiagonal, BufferView l, nint strideL, BufferView b, nint strideB, int count)
        where T : unmanaged
    {
        using KernelCall call = Call<T>("trsm", "trsm", TrsmDefinitions);
        call.Flag(unitDiagonal);
        call.View(l);
        call.Size(strideL);
        call.View(b);
        call.Size(strideB);
        call.Int((int)l.Rows);
        call.Size(b.Columns);
        call.Run(((b.Columns + TrsmGroup - 1) / TrsmGroup, count, 1), (TrsmGroup, 1, 1));
    }

    private void Gemm<T>(double alpha, BufferView a, BufferView b, double beta, BufferView c)
        where T : unmanaged
    {
        if (c.IsEmpty)
        {
            return;
        }

        if (c.IsColumnMajor)
        {
            (a, b, c) = (b.Transposed, a.Transposed, c.Transposed);
        }

        if (Options.PackProducts ?? Device.IsProcessor)
        {
            PackedGemm<T>(alpha, a, b, beta, c);
            return;
        }

        GemmBatch<T>(alpha, a, 0, b, 0, beta, c, 0, count: 1);
    }

    /// <summary>
    /// One product for each matrix of a stack: the views are of the first, the strides lead to the next.
    /// </summary>
    private void GemmBatch<T>(
        double alpha, BufferView a, nint strideA, BufferView b, nint strideB, double beta, BufferView c, nint strideC,
        int count)
        where T : unmanaged
    {
        if (c.IsEmpty)
        {
            return;
        }

        using KernelCall call = Call<T>("gemm", "gemm", _gemm.Definitions);
        call.Real<T>(alpha);
        call.View(a);
        call.Size(strideA);
        call.View(b);
        call.Size(strideB);
        call.Real<T>(beta);
        call.View(c);
        call.Size(strideC);
        call.Size(c.Rows);
        call.Size(c.Columns);
        call.Size(a.Columns);
        call.Run(
            ((c.Columns + _gemm.TileN - 1) / _gemm.TileN, (c.Rows + _gemm.TileM - 1) / _gemm.TileM, count),
            (_gemm.GroupX, _gemm.GroupY, 1));
    }

    private void PackedGemm<T>(double alpha, BufferView a, BufferView b, double beta, BufferView c)
        where T : unmanaged
    {
        const int Block = PackedGemmTuning.BlockMN;
        PackedGemmTuning tuning = PackedGemmTuning.For(Device, ElementBytes<T>());
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
        using KernelCall call = Call<T>("gemm_packed", "multiply_panels", tuning.Definitions<T>());
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
        using KernelCall call = Call<T>("gemm_packed", "pack", tuning.Definitions<T>());
        call.View(source);
        call.Buffer(packed);
        call.Int(width);
        call.Size(source.Rows);
        call.Size(first);
        call.Size(k);
        call.RunColumns((source.Rows + width - 1) / width, k);
    }

    private void Syrk<T>(double alpha, BufferView a, double beta, BufferView c)
        where T : unmanaged
    {
        for (nint first = 0; first < c.Rows; first += SyrkStrip)
        {
            nint rows = Math.Min(SyrkStrip, c.Rows - first);
            Gemm<T>(alpha, a.SliceRows(first, rows), a.SliceRows(0, first + rows).Transposed, beta,
                c.Block(first, 0, rows, first + rows));
        }

        using KernelCall call = Call<T>("elementwise", "mirror");
        call.View(c);
        call.Size(c.Rows);
        call.Size(c.Columns);
        call.RunColumns(c.Rows, c.Columns);
    }
}
