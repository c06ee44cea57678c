// An NVRTC that makes shared objects with the machine's C++ compiler. What it made is kept in the folder VEM_FAKE_KEPT,
// if that is set, for other processes: the gate runs the fake from several.

#include "fake.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

enum { SUCCESS = 0, COMPILATION = 6 };

struct Program { std::string source, log, image; };

static std::string read(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

static void write(const std::string &path, const std::string &text)
{
    std::ofstream(path, std::ios::binary) << text;
}

// The folder that this library lies in, where build.sh put the headers.
static std::string own_folder()
{
    Dl_info info;
    std::string path = dladdr((void *)own_folder, &info) ? info.dli_fname : "";
    return path.substr(0, path.find_last_of('/'));
}

// Where an image of a text is kept; nothing where none is.
static std::string kept_path(const std::string &text)
{
    const char *folder = getenv("VEM_FAKE_KEPT");
    if (!folder)
    {
        return "";
    }

    // FNV-1a, from two starts: 128 bits.
    uint64_t hashes[] = { 0xcbf29ce484222325u, 0x84222325cbf29ce4u };
    for (unsigned char byte : text)
    {
        hashes[0] = (hashes[0] ^ byte) * 0x100000001b3u;
        hashes[1] = (hashes[1] ^ byte) * 0x100000001b3u;
    }

    char name[40];
    snprintf(name, sizeof name, "/%016llx%016llx", (unsigned long long)hashes[0], (unsigned long long)hashes[1]);
    return folder + std::string(name);
}

EXPORT const char *nvrtcGetErrorString(int code)
{
    return code == COMPILATION ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR_INTERNAL_ERROR";
}

EXPORT int nvrtcVersion(int *major, int *minor) { *major = 12; *minor = 999; return SUCCESS; }
EXPORT int nvrtcGetNumSupportedArchs(int *count) { *count = 3; return SUCCESS; }

EXPORT int nvrtcGetSupportedArchs(int *architectures)
{
    architectures[0] = 70;
    architectures[1] = 80;
    architectures[2] = 90;
    return SUCCESS;
}

EXPORT int nvrtcCreateProgram(Program **program, const char *source, const char *, int, const char **, const char **)
{
    if (int code = fake_outcome("nvrtcCreateProgram"))
    {
        return code;
    }

    fake_count("programs", 1);
    *program = new Program{ source, "", "" };
    return SUCCESS;
}

EXPORT int nvrtcDestroyProgram(Program **program)
{
    fake_count("programs", -1);
    delete *program;
    return SUCCESS;
}

EXPORT int nvrtcCompileProgram(Program *program, int count, const char **options)
{
    if (int code = fake_outcome("nvrtcCompileProgram"))
    {
        return code;
    }

    std::string definitions;
    for (int i = 0; i < count; i++)
    {
        if (strncmp(options[i], "-D", 2) == 0)
        {
            definitions += std::string(" '") + options[i] + "'";
        }
    }

    std::string host;
    for (const char *part : { "/places.h", "/fibres.h", "/host.h" })
    {
        host += read(own_folder() + part);
    }

    const std::string kept = kept_path(host + definitions + program->source);
    program->image = kept.empty() ? "" : read(kept);
    if (!program->image.empty())
    {
        return SUCCESS;
    }

    char folder[] = "/tmp/vem-fake-XXXXXX";
    if (!mkdtemp(folder))
    {
        return 11;
    }

    std::string base = std::string(folder) + "/k", compiler = "c++ -x c++ -std=c++17 -w ";
    write(base + ".cu", program->source);
    write(base + ".h", host);

    // __global__ stays through the preprocessor, and names the kernels.
    std::string pre = compiler + "-E -include " + base + ".h" + definitions + " " + base + ".cu -o " + base + ".ii 2>"
        + base + ".log";
    bool good = system(pre.c_str()) == 0;
    if (good)
    {
        std::string text = read(base + ".ii");
        std::regex kernel("__global__\\s+void\\s+(\\w+)\\s*\\(");
        std::set<std::string> names;
        for (std::sregex_iterator at(text.begin(), text.end(), kernel), end; at != end; ++at)
        {
            names.insert((*at)[1]);
        }

        size_t start = host.find("#define VEM_EXPORT");
        if (start == std::string::npos)
        {
            program->log = "no VEM_EXPORT: are places.h, fibres.h and host.h in " + own_folder() + "?";
            return COMPILATION;
        }

        std::string wrappers = "\n" + host.substr(start);
        for (const std::string &name : names)
        {
            wrappers += "VEM_KERNEL(" + name + ")\n";
        }

        write(base + ".cpp", text + wrappers);

        // A kernel is part of the loop over its threads. Its shared memory is this object's own, whatever another calls
        // the same: the loader would make one of static variables of inline functions otherwise.
        std::string build = compiler + "-O2 -march=native -ffp-contract=off -shared -fPIC -s -fvisibility=hidden"
            " -fno-gnu-unique '-D__global__=inline __attribute__((always_inline))' " + base + ".cpp -o " + base
            + ".so 2>" + base + ".log";
        good = system(build.c_str()) == 0;
    }

    program->log = read(base + ".log");
    program->image = good ? read(base + ".so") : "";
    if (good && !kept.empty())
    {
        // Written beside, then renamed: other processes see all of it, or nothing.
        const std::string beside = kept + "." + std::to_string(getpid());
        write(beside, program->image);
        rename(beside.c_str(), kept.c_str());
    }

    if (getenv("VEM_FAKE_KEEP") == nullptr)
    {
        (void)!system((std::string("rm -rf ") + folder).c_str());
    }

    return good ? SUCCESS : COMPILATION;
}

EXPORT int nvrtcGetCUBINSize(Program *program, size_t *size) { *size = program->image.size(); return SUCCESS; }

EXPORT int nvrtcGetCUBIN(Program *program, char *image)
{
    memcpy(image, program->image.data(), program->image.size());
    return SUCCESS;
}

EXPORT int nvrtcGetPTXSize(Program *program, size_t *size) { return nvrtcGetCUBINSize(program, size); }
EXPORT int nvrtcGetPTX(Program *program, char *image) { return nvrtcGetCUBIN(program, image); }
EXPORT int nvrtcGetProgramLogSize(Program *program, size_t *size) { *size = program->log.size() + 1; return SUCCESS; }

EXPORT int nvrtcGetProgramLog(Program *program, char *log)
{
    memcpy(log, program->log.c_str(), program->log.size() + 1);
    return SUCCESS;
}
