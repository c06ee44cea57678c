using System.Numerics;

namespace VemKernels.Simd;

/// <content>Memory for passing needs.</content>
public sealed partial class SimdBackend : IWorkspaceKeeper
{
    private readonly Lock _scopesGate = new();
    private int _scopes;

    /// <summary>Matrices that were made to be lent, since the start: for tests of what a fit allocates.</summary>
    internal long LentMatrices => _singleWorkspace.Made + _doubleWorkspace.Made;

    /// <inheritdoc/>
    public DeviceLease<T> Rent<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSupported<T>();
        object workspace = typeof(T) == typeof(float) ? _singleWorkspace : _doubleWorkspace;
        return ((Workspace<T>)workspace).Rent(rows, columns);
    }

    /// <inheritdoc/>
    public WorkspaceScope KeepWorkspace()
    {
        lock (_scopesGate)
        {
            _scopes++;
            _singleWorkspace.Keep(true);
            _doubleWorkspace.Keep(true);
        }

        return new WorkspaceScope(this);
    }

    /// <inheritdoc/>
    void IWorkspaceKeeper.Close()
    {
        lock (_scopesGate)
        {
            _scopes--;
            _singleWorkspace.Keep(_scopes > 0);
            _doubleWorkspace.Keep(_scopes > 0);
        }
    }
}
