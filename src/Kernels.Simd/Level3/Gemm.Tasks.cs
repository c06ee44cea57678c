namespace VemKernels.Simd;

/// <content>What the loops of a product share out over the threads.</content>
internal static unsafe partial class Gemm<S, V, T>
{
    /// <summary>The tasks of a phase: first those that pack the next one, B then A, then its own tiles.</summary>
    private readonly struct PhaseTasks : IParallelTasks
    {
        public required MatrixView<T> A { get; init; }

        public required MatrixView<T> B { get; init; }

        public required MatrixView<T> C { get; init; }

        public required T Alpha { get; init; }

        public required bool Overwrite { get; init; }

        public required GemmShapes Shape { get; init; }

        public required int Threads { get; init; }

        public required nint BlockRows { get; init; }

        public required nint BlockDepth { get; init; }

        public required Phase Current { get; init; }

        public required Phase Next { get; init; }

        public required int PackTasksB { get; init; }

        public required int PackTasksA { get; init; }

        public required int Panels { get; init; }

        public required int PanelTasks { get; init; }

        public required int PanelsPerTask { get; init; }

        public required T* NextA { get; init; }

        public required T* NextB { get; init; }

        public required T* CurrentA { get; init; }

        public required T* CurrentB { get; init; }

        public void Run(int task)
        {
            int mr = MicroKernel<S, V, T>.Rows;
            int nr = MicroKernel<S, V, T>.Columns;
            if (task < PackTasksB)
            {
                MatrixView<T> block = B.Block(Next.Start, Next.Column, Next.Depth, Next.Columns);
                int first = task * PanelsPerPacking;
                if (Next.ReadsB(first * nr, mr, Shape))
                {
                    PackB(block, first, Math.Min(Tasks(Next.Columns, nr), first + PanelsPerPacking), NextB);
                }

                return;
            }

            task -= PackTasksB;
            if (task < PackTasksA)
            {
                MatrixView<T> block = A.Block(Next.Row, Next.Start, Next.Rows, Next.Depth);
                int first = task * (int)(BlockRows / mr);
                if (Next.ReadsA(first * mr, BlockRows, Shape))
                {
                    PackA(block, first, Math.Min(Tasks(Next.Rows, mr), first + (int)(BlockRows / mr)), NextA);
                }

                return;
            }

            task -= PackTasksA;
            nint firstRow = task / PanelTasks * BlockRows;
            int firstPanel = task % PanelTasks * PanelsPerTask;
            Tiles(
                Current, BlockDepth, C.Block(Current.Row, Current.Column, Current.Rows, Current.Columns), firstRow,
                Math.Min(BlockRows, Current.Rows - firstRow), firstPanel, Math.Min(Panels, firstPanel + PanelsPerTask),
                CurrentA, CurrentB, Alpha, Overwrite, Shape, (task + Threads) % PanelTasks * PanelsPerTask);
        }
    }

    private readonly struct RescaleTasks(T beta, MatrixView<T> C) : IParallelTasks
    {
        public void Run(int task)
        {
            T* row = C.Pointer + (task * C.RowStride);
            for (nint j = 0; j < C.Columns; j++)
            {
                row[j] = beta == T.Zero ? T.Zero : beta * row[j];
            }
        }
    }
}
