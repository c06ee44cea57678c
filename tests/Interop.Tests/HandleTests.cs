using NUnit.Framework;

namespace VemKernels.Interop.Tests;

/// <summary>Handles that were freed, are of another kind or were made up are known for what they are.</summary>
public sealed unsafe class HandleTests
{
    private readonly delegate* unmanaged[Cdecl]<ulong*, int> _createFlag = &LibraryExports.CancellationCreate;
    private readonly delegate* unmanaged[Cdecl]<ulong, int> _freeFlag = &LibraryExports.CancellationFree;
    private readonly delegate* unmanaged[Cdecl]<ulong, int> _cancel = &LibraryExports.CancellationCancel;

    [Test]
    public void A_freed_handle_is_refused_even_where_its_place_is_taken_again()
    {
        ulong first;
        ulong second;
        Library.Succeeds(_createFlag(&first));
        Library.Succeeds(_freeFlag(first));
        Library.Succeeds(_createFlag(&second));
        Assert.That(second, Is.Not.EqualTo(first));
        Library.Fails(_cancel(first), VemStatus.InvalidHandle, "cancellation");
        Library.Fails(_freeFlag(first), VemStatus.InvalidHandle, "cancellation");
        Library.Succeeds(_cancel(second));
        Library.Succeeds(_freeFlag(second));
    }

    [Test]
    public void A_handle_of_another_kind_is_refused()
    {
        ulong backend = Library.Start();
        Library.Fails(_freeFlag(backend), VemStatus.InvalidHandle, "Backend");
        ulong flag;
        Library.Succeeds(_createFlag(&flag));
        Library.Fails(Library.Free(flag), VemStatus.InvalidHandle, "Cancellation");
        Library.Succeeds(_freeFlag(flag));
        Library.Succeeds(Library.Free(backend));
    }

    [Test]
    public void Made_up_handles_are_refused()
    {
        Random random = new(0);
        Library.Fails(Library.Free(0), VemStatus.InvalidHandle, "0");
        for (int i = 0; i < 10_000; i++)
        {
            ulong handle = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            Library.Fails(Library.Free(handle), VemStatus.InvalidHandle, "backend");
        }
    }

    [Test]
    public void What_is_freed_in_use_lives_until_the_last_use_ends()
    {
        HandleTable table = new();
        Watched watched = new();
        ulong handle = table.Add(HandleKind.Cancellation, watched);
        using (HandleTable.Held held = table.Hold(handle, HandleKind.Cancellation, "flag"))
        {
            table.Free(handle, HandleKind.Cancellation, "flag");
            Assert.That(watched.IsDisposed, Is.False);
            Assert.That(table.Count, Is.EqualTo(1));
            Assert.That(
                () => table.Hold(handle, HandleKind.Cancellation, "flag"), Throws.InstanceOf<InvalidHandleException>());
        }

        Assert.That(watched.IsDisposed, Is.True);
        Assert.That(table.Count, Is.Zero);
    }

    [Test]
    public void Backends_say_what_they_are_and_lists_fit_any_buffer()
    {
        ulong backend = Library.Start();
        VemBackendInformation information = new() { Size = sizeof(VemBackendInformation) };
        delegate* unmanaged[Cdecl]<ulong, VemBackendInformation*, int> info = &LibraryExports.BackendInfo;
        Library.Succeeds(info(backend, &information));
        Assert.That(information.Threads, Is.EqualTo(2));
        Assert.That(new string((sbyte*)information.Id), Is.EqualTo("simd"));
        Assert.That(information.Size, Is.EqualTo(sizeof(VemBackendInformation)));
        information.Size = 16;
        Library.Fails(info(backend, &information), VemStatus.InvalidArgument, "information");

        delegate* unmanaged[Cdecl]<byte*, long, long*, int> list = &LibraryExports.BackendList;
        long needed;
        Library.Succeeds(list(null, 0, &needed));
        byte* whole = stackalloc byte[(int)needed + 1];
        Library.Succeeds(list(whole, needed + 1, null));
        Assert.That(new string((sbyte*)whole).Split('\n'), Does.Contain("simd"));
        byte* small = stackalloc byte[3];
        Library.Succeeds(list(small, 3, null));
        Assert.That(new string((sbyte*)small), Is.EqualTo("si"));
        Library.Fails(list(null, 3, null), VemStatus.InvalidArgument, "buffer");
        Library.Fails(list(small, -1, null), VemStatus.InvalidArgument, "-1");
        Library.Succeeds(Library.Free(backend));
    }

    private sealed class Watched : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
