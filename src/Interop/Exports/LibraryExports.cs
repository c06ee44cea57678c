using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using VemKernels.Device;

namespace VemKernels.Interop;

/// <summary>The library itself, backends and flags; see native/include/vemkernels.h.</summary>
internal static unsafe class LibraryExports
{
    /// <summary>VEM_ABI_VERSION of the header.</summary>
    public const int AbiVersion = 1;

    private static readonly nint Version = Marshal.StringToCoTaskMemUTF8(
        typeof(LibraryExports).Assembly.GetName().Version!.ToString(fieldCount: 3));

    [UnmanagedCallersOnly(EntryPoint = "vem_version_string", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* VersionString() => (byte*)Version;

    [UnmanagedCallersOnly(EntryPoint = "vem_abi_version", CallConvs = [typeof(CallConvCdecl)])]
    public static int AbiVersionNumber() => AbiVersion;

    [UnmanagedCallersOnly(EntryPoint = "vem_last_error", CallConvs = [typeof(CallConvCdecl)])]
    public static long LastErrorText(byte* buffer, long capacity) => LastError.CopyTo(buffer, capacity);

    [UnmanagedCallersOnly(EntryPoint = "vem_backend_create", CallConvs = [typeof(CallConvCdecl)])]
    public static int BackendCreate(byte* id, int threads, ulong* backend) => Guard.Run(() =>
    {
        Require(backend, nameof(backend));
        *backend = 0;
        *backend = Add(HandleKind.Backend, Backends.Create(Text(id, nameof(id)), threads));
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_backend_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int BackendFree(ulong backend) => Guard.Run(
        () => HandleTable.Shared.Free(backend, HandleKind.Backend, nameof(backend)));

    [UnmanagedCallersOnly(EntryPoint = "vem_backend_info", CallConvs = [typeof(CallConvCdecl)])]
    public static int BackendInfo(ulong backend, VemBackendInformation* information) => Guard.Run(() =>
    {
        using HandleTable.Held held = HandleTable.Shared.Hold(backend, HandleKind.Backend, nameof(backend));
        BackendInfo info = ((IBackend)held.Value).Info;
        Require(information, nameof(information));
        VemBackendInformation values = new()
        {
            MemoryBytes = info.MemoryBytes, LargestAllocationBytes = info.LargestAllocationBytes,
            Threads = info.Threads, PreferredTile = info.PreferredTile,
            SharesHostMemory = info.SharesHostMemory ? 1 : 0,
        };
        Write(info.Id, new Span<byte>(values.Id, VemBackendInformation.IdBytes));
        Write(info.Name, new Span<byte>(values.Name, VemBackendInformation.NameBytes));
        Write(info.InstructionSet, new Span<byte>(values.InstructionSet, VemBackendInformation.IdBytes));
        Structures.Write(
            information, information->Size, sizeof(VemBackendInformation), nameof(information), values);
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_backend_native", CallConvs = [typeof(CallConvCdecl)])]
    public static int BackendNative(ulong backend, VemBackendHandles* handles) => Guard.Run(() =>
    {
        using HandleTable.Held held = HandleTable.Shared.Hold(backend, HandleKind.Backend, nameof(backend));
        Require(handles, nameof(handles));
        DeviceHandles given = held.Value is DeviceBackend device ? device.Handles : default;
        VemBackendHandles values = new()
        {
            Device = (void*)given.Device, Context = (void*)given.Context, Queue = (void*)given.Queue,
            Memory = (int)given.Space,
        };
        Structures.Write(handles, handles->Size, sizeof(VemBackendHandles), nameof(handles), values);
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_backend_list", CallConvs = [typeof(CallConvCdecl)])]
    public static int BackendList(byte* buffer, long capacity, long* needed) => Guard.Run(() =>
    {
        if (capacity < 0 || (buffer is null && capacity > 0))
        {
            throw new ArgumentException(
                $"buffer is {(buffer is null ? "null" : "given")} and capacity {capacity}; expected room for the text.",
                nameof(capacity));
        }

        string text = string.Join('\n', Backends.Present);
        if (needed is not null)
        {
            *needed = Encoding.UTF8.GetByteCount(text);
        }

        if (capacity > 0)
        {
            Write(text, new Span<byte>(buffer, (int)Math.Min(capacity, int.MaxValue)));
        }
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_cancellation_create", CallConvs = [typeof(CallConvCdecl)])]
    public static int CancellationCreate(ulong* cancellation) => Guard.Run(() =>
    {
        Require(cancellation, nameof(cancellation));
        *cancellation = 0;
        *cancellation = Add(HandleKind.Cancellation, new Cancellation());
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_cancellation_cancel", CallConvs = [typeof(CallConvCdecl)])]
    public static int CancellationCancel(ulong cancellation) => Guard.Run(() =>
    {
        using HandleTable.Held held = HandleTable.Shared.Hold(
            cancellation, HandleKind.Cancellation, nameof(cancellation));
        ((Cancellation)held.Value).Cancel();
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_cancellation_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int CancellationFree(ulong cancellation) => Guard.Run(
        () => HandleTable.Shared.Free(cancellation, HandleKind.Cancellation, nameof(cancellation)));

    /// <summary>A text of the caller's.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static string Text(byte* text, string name) => Marshal.PtrToStringUTF8((nint)text)
        ?? throw new ArgumentException($"{name} is null; expected a text.", name);

    /// <summary>Requires a place to write to.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static void Require(void* address, string name)
    {
        if (address is null)
        {
            throw new ArgumentException($"{name} is null; expected the address of what is written.", name);
        }
    }

    private static ulong Add(HandleKind kind, IDisposable value)
    {
        try
        {
            return HandleTable.Shared.Add(kind, value);
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }

    /// <summary>As many whole characters as fit before a zero byte.</summary>
    private static void Write(string text, Span<byte> buffer)
    {
        Encoding.UTF8.GetEncoder().Convert(text, buffer[..^1], flush: true, out _, out int bytes, out _);
        buffer[bytes..].Clear();
    }
}
