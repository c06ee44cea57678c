using System.Globalization;

namespace VemKernels.Data;

/// <summary>
/// Parses the Python dictionary of a .npy header: exactly the keys descr, fortran_order and shape, in any order. A
/// small parser of our own, because a header is a literal, and nothing else should be let in.
/// </summary>
internal sealed class NpyHeaderParser(string text, string file)
{
    private int _position;

    public (NpyDType Type, nint[] Shape, bool FortranOrder) Parse()
    {
        NpyDType? type = null;
        nint[]? shape = null;
        bool? fortranOrder = null;
        Expect('{');
        while (!TryTake('}'))
        {
            string key = TakeString();
            Expect(':');
            switch (key)
            {
                case "descr" when type is null:
                    type = TakeType();
                    break;
                case "fortran_order" when fortranOrder is null:
                    fortranOrder = TakeBoolean();
                    break;
                case "shape" when shape is null:
                    shape = TakeShape();
                    break;
                default:
                    throw Damaged($"unexpected key '{key}'");
            }

            if (!TryTake(','))
            {
                Expect('}');
                break;
            }
        }

        SkipBlanks();
        if (_position < text.Length)
        {
            throw Damaged("something follows the dictionary");
        }

        return (type ?? throw Damaged("no descr"), shape ?? throw Damaged("no shape"),
            fortranOrder ?? throw Damaged("no fortran_order"));
    }

    private NpyDType TakeType()
    {
        SkipBlanks();
        if (_position < text.Length && text[_position] is '[' or '(')
        {
            throw new DataFormatException(
                file, "holds records (a structured dtype); save each field as an array of its own");
        }

        return NpyDType.Parse(TakeString(), file);
    }

    private string TakeString()
    {
        SkipBlanks();
        if (_position < text.Length && text[_position] is '\'' or '"')
        {
            int end = text.IndexOf(text[_position], _position + 1);
            if (end > 0)
            {
                string value = text[(_position + 1)..end];
                _position = end + 1;
                return value;
            }
        }

        throw Damaged("a quoted string was expected");
    }

    private bool TakeBoolean()
    {
        SkipBlanks();
        foreach (bool value in (ReadOnlySpan<bool>)[false, true])
        {
            string word = value.ToString();
            if (string.CompareOrdinal(text, _position, word, 0, word.Length) == 0)
            {
                _position += word.Length;
                return value;
            }
        }

        throw Damaged("fortran_order is neither True nor False");
    }

    private nint[] TakeShape()
    {
        List<nint> shape = [];
        Expect('(');
        while (!TryTake(')'))
        {
            shape.Add(TakeLength());
            if (!TryTake(','))
            {
                Expect(')');
                break;
            }
        }

        return [.. shape];
    }

    private nint TakeLength()
    {
        SkipBlanks();
        int start = _position;
        while (_position < text.Length && char.IsAsciiDigit(text[_position]))
        {
            _position++;
        }

        ReadOnlySpan<char> digits = text.AsSpan(start, _position - start);
        if (!nint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out nint length))
        {
            throw Damaged("shape is not a tuple of lengths");
        }

        // Python 2 wrote long integers as 3L.
        _ = TryTake('L');
        return length;
    }

    private void Expect(char wanted)
    {
        if (!TryTake(wanted))
        {
            throw Damaged($"'{wanted}' was expected at character {_position}");
        }
    }

    private bool TryTake(char wanted)
    {
        SkipBlanks();
        if (_position == text.Length || text[_position] != wanted)
        {
            return false;
        }

        _position++;
        return true;
    }

    private void SkipBlanks()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }
    }

    private DataFormatException Damaged(string problem) => new(file, $"damaged .npy header: {problem}");
}
