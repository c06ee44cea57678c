// VemKernels for C++20: handles that free themselves, failures as exceptions, std::span for lists. Header-only, over
// vemkernels.h.
//
//     vem::Backend backend;
//     std::vector<float> X(samples * features), Y(samples * targets), b(features * targets);
//     vem::ridge(backend, vem::matrix(std::span(X), samples, features), vem::matrix(std::span(Y), samples, targets),
//         alphas, vem::matrix(std::span(b), features, targets));
//
// What this header has no function for is called as in C: vem::require(vem_X(backend.handle(), ...)).
#ifndef VEMKERNELS_HPP
#define VEMKERNELS_HPP

#include <array>
#include <cstdint>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "vemkernels.h"

namespace vem {

// A call failed; status() is a vem_status.
class Error : public std::runtime_error {
public:
    Error(std::int32_t status, const std::string &text) : std::runtime_error(text), status_(status) {}
    std::int32_t status() const noexcept { return status_; }

private:
    std::int32_t status_;
};

// The text of this thread's last failure.
inline std::string last_error()
{
    std::string text(static_cast<std::size_t>(vem_last_error(nullptr, 0)) + 1, '\0');
    vem_last_error(text.data(), static_cast<std::int64_t>(text.size()));
    text.pop_back();
    return text;
}

// Throws where a call failed.
inline void require(std::int32_t status)
{
    if (status != VEM_OK)
        throw Error(status, last_error());
}

template <class T>
concept Real = std::is_same_v<std::remove_const_t<T>, float> || std::is_same_v<std::remove_const_t<T>, double>;

// A row-major matrix of rows x columns elements of somebody else's memory.
template <Real T>
vem_matrix matrix(std::span<T> elements, std::int64_t rows, std::int64_t columns)
{
    if (rows < 0 || columns < 0 ||
        (columns > 0 && static_cast<std::uint64_t>(rows) > elements.size() / static_cast<std::uint64_t>(columns)))
        throw std::invalid_argument("vem::matrix: " + std::to_string(rows) + " x " + std::to_string(columns) +
            " elements of " + std::to_string(elements.size()));
    vem_matrix m{};
    m.data = const_cast<std::remove_const_t<T> *>(elements.data());
    m.type = std::is_same_v<std::remove_const_t<T>, float> ? VEM_FLOAT32 : VEM_FLOAT64;
    m.rows = rows;
    m.columns = columns;
    m.row_stride = columns;
    m.column_stride = 1;
    return m;
}

// Where a call computes.
class Backend {
public:
    explicit Backend(const std::string &id = "auto", std::int32_t threads = 0)
    {
        require(vem_backend_create(id.c_str(), threads, &handle_));
    }
    Backend(const Backend &) = delete;
    Backend &operator=(const Backend &) = delete;
    Backend(Backend &&other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
    Backend &operator=(Backend &&other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Backend()
    {
        if (handle_ != 0)
            vem_backend_free(handle_);
    }

    vem_backend handle() const noexcept { return handle_; }

    vem_backend_information information() const
    {
        vem_backend_information info{};
        info.size = sizeof info;
        require(vem_backend_info(handle_, &info));
        return info;
    }

private:
    vem_backend handle_ = 0;
};

// A flag that stops calls, from any thread.
class Cancellation {
public:
    Cancellation() { require(vem_cancellation_create(&handle_)); }
    Cancellation(const Cancellation &) = delete;
    Cancellation &operator=(const Cancellation &) = delete;
    ~Cancellation() { vem_cancellation_free(handle_); }

    void cancel() { require(vem_cancellation_cancel(handle_)); }
    vem_call call() const noexcept { return {static_cast<std::int64_t>(sizeof(vem_call)), handle_, nullptr, nullptr}; }

private:
    vem_cancellation handle_ = 0;
};

// Splits of cross-validation; keeps the lists that vem_splits points to.
class Splits {
public:
    Splits() = default;

    void add(std::span<const std::int64_t> train, std::span<const std::int64_t> validation)
    {
        train_.insert(train_.end(), train.begin(), train.end());
        validation_.insert(validation_.end(), validation.begin(), validation.end());
        train_ends_.push_back(static_cast<std::int64_t>(train_.size()));
        validation_ends_.push_back(static_cast<std::int64_t>(validation_.size()));
    }

    // Valid until the next add.
    vem_splits view() const noexcept
    {
        return {static_cast<std::int64_t>(sizeof(vem_splits)), static_cast<std::int64_t>(train_ends_.size()),
            train_.data(), train_ends_.data(), validation_.data(), validation_ends_.data()};
    }

    // Folds as of vem_k_fold: contiguous, or of shuffled samples with a seed.
    static Splits k_fold(std::int64_t samples, std::int64_t folds, std::int64_t seed = -1)
    {
        Splits splits(samples, folds, folds - 1, 1);
        require(vem_k_fold(samples, folds, seed, splits.train_.data(), splits.train_ends_.data(),
            splits.validation_.data(), splits.validation_ends_.data()));
        return splits;
    }

    // A split for each run of samples, of which runs has the label.
    static Splits leave_one_run_out(std::span<const std::int32_t> runs)
    {
        const auto samples = static_cast<std::int64_t>(runs.size());
        const auto count = static_cast<std::int64_t>(std::set<std::int32_t>(runs.begin(), runs.end()).size());
        Splits splits(samples, count, count - 1, 1);
        require(vem_leave_one_run_out(runs.data(), samples, splits.train_.data(), splits.train_ends_.data(),
            splits.validation_.data(), splits.validation_ends_.data()));
        return splits;
    }

private:
    // Room for count splits whose lists together have so many times all samples; sizes that are wrong are the library's
    // to refuse.
    Splits(std::int64_t samples, std::int64_t count, std::int64_t train, std::int64_t validation)
    {
        const auto room = [](std::int64_t a, std::int64_t b) {
            return a > 0 && b > 0 && b <= (std::int64_t{1} << 40) / a ? static_cast<std::size_t>(a * b) : 1;
        };
        train_.resize(room(samples, train));
        validation_.resize(room(samples, validation));
        train_ends_.resize(room(count, 1));
        validation_ends_.resize(room(count, 1));
    }

    std::vector<std::int64_t> train_, train_ends_, validation_, validation_ends_;
};

// Options and results with their defaults.
inline vem_random_search_options random_search_options()
{
    vem_random_search_options options;
    require(vem_random_search_options_init(&options, sizeof options));
    return options;
}

inline vem_random_search_results random_search_results()
{
    vem_random_search_results results;
    require(vem_random_search_results_init(&results, sizeof results));
    return results;
}

// Ridge with given alphas, one or one a target; weights p x t.
inline void ridge(const Backend &backend, const vem_matrix &features, const vem_matrix &targets,
    std::span<const double> alphas, const vem_matrix &weights, const vem_call *call = nullptr)
{
    vem_ridge_options options;
    require(vem_ridge_options_init(&options, sizeof options));
    options.alphas = alphas.data();
    options.alphas_count = static_cast<std::int64_t>(alphas.size());
    require(vem_ridge(backend.handle(), &features, &targets, &options, &weights, nullptr, nullptr, call));
}

// Banded ridge by random search.
inline void banded_ridge(const Backend &backend, std::span<const vem_matrix> features, const vem_matrix &targets,
    const vem_matrix &gammas, const Splits &splits, const vem_random_search_options &options,
    const vem_random_search_results &results, const vem_call *call = nullptr)
{
    const vem_splits view = splits.view();
    require(vem_banded_ridge(backend.handle(), features.data(), static_cast<std::int64_t>(features.size()), &targets,
        &gammas, &view, &options, &results, call));
}

// Multiple-kernel ridge by random search.
inline void multiple_kernel_ridge(const Backend &backend, std::span<const vem_matrix> kernels,
    const vem_matrix &targets, const vem_matrix &gammas, const Splits &splits, const vem_random_search_options &options,
    const vem_random_search_results &results, const vem_call *call = nullptr)
{
    const vem_splits view = splits.view();
    require(vem_multiple_kernel_ridge(backend.handle(), kernels.data(), static_cast<std::int64_t>(kernels.size()),
        &targets, &gammas, &view, &options, nullptr, &results, call));
}

// A = Q diag(w) Q' of count stacked matrices: A becomes Q.
inline void symmetric_eigen(
    const Backend &backend, const vem_matrix &A, const vem_matrix &eigenvalues, std::int64_t count = 1)
{
    require(vem_symmetric_eigen(backend.handle(), &A, &eigenvalues, count, nullptr));
}

}  // namespace vem

#endif
