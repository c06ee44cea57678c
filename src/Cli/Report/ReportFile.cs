using System.Text;
using VemKernels.Data;

namespace VemKernels.Cli.Report;

/// <summary>
/// The file of a report: in the output folder, which it appears with, or elsewhere, where it appears whole when the
/// command is done or not at all.
/// </summary>
internal sealed class ReportFile : IDisposable
{
    private readonly string _path;
    private readonly AtomicFile? _file;

    /// <summary>Takes the place, so that one that cannot be written is told before any work.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folderPath">The output folder's final name.</param>
    /// <param name="folder">The output folder.</param>
    /// <param name="name">The name of a report inside that.</param>
    /// <exception cref="OptionException">It lies in the output folder under another name.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public ReportFile(string path, string folderPath, AtomicFolder folder, string name)
    {
        if (!FileLocation.IsInside(path, folderPath))
        {
            _path = path;
            _file = new AtomicFile(path);
            return;
        }

        _path = FileLocation.IsSame(path, Path.Combine(folderPath, name))
            ? folder[name]
            : throw new OptionException(
                $"--report {path}", $"a report inside of --out is named {name}; name it so or choose another folder");
    }

    /// <summary>Writes the page; it has its name after <see cref="Commit"/>.</summary>
    public void Write(string html)
    {
        if (_file is null)
        {
            File.WriteAllText(_path, html);
        }
        else
        {
            _file.Stream.Write(Encoding.UTF8.GetBytes(html));
        }
    }

    /// <summary>Gives a file outside of the folder its name; one inside comes with the folder.</summary>
    public void Commit() => _file?.Commit();

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
