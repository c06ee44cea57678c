// Ridge and multiple-kernel ridge through the C++ wrapper.
//
//     c++ -std=c++20 ridge.cpp $(pkg-config --cflags --libs vemkernels) -o ridge && ./ridge
//
// Exits with 0 where all is as it should be.
#include <cmath>
#include <cstdio>
#include <random>
#include <span>
#include <vector>

#include "vemkernels.hpp"

int main()
{
    constexpr int samples = 40, features = 5, targets = 7;
    std::mt19937 random(0);
    std::normal_distribution<double> normal;
    std::vector<double> X(samples * features), Y(samples * targets);
    std::vector<double> truth(features * targets), weights(features * targets);
    for (double &x : X)
        x = normal(random);
    for (double &b : truth)
        b = normal(random);
    for (int i = 0; i < samples; ++i)
        for (int j = 0; j < targets; ++j)
            for (int k = 0; k < features; ++k)
                Y[i * targets + j] += X[i * features + k] * truth[k * targets + j];

    try {
        vem::Backend backend("simd");
        const vem_matrix x = vem::matrix(std::span(X), samples, features);
        const vem_matrix y = vem::matrix(std::span(Y), samples, targets);
        const std::vector<double> alphas{1e-9};
        vem::ridge(backend, x, y, alphas, vem::matrix(std::span(weights), features, targets));
        double error = 0;
        for (std::size_t i = 0; i < truth.size(); ++i)
            error = std::max(error, std::abs(weights[i] - truth[i]));
        std::printf("largest error of the weights: %.1e\n", error);
        if (!(error < 1e-7))
            return 1;

        // Multiple-kernel ridge: a linear kernel of X, and one of noise.
        std::vector<double> noise(samples * features), linear(samples * samples), other(samples * samples);
        for (double &value : noise)
            value = normal(random);
        const vem_matrix z = vem::matrix(std::span(noise), samples, features);
        const std::vector<vem_matrix> kernels{
            vem::matrix(std::span(linear), samples, samples), vem::matrix(std::span(other), samples, samples)};
        vem::require(vem_pairwise_kernel(backend.handle(), "linear", nullptr, &x, nullptr, &kernels[0], nullptr));
        vem::require(vem_pairwise_kernel(backend.handle(), "linear", nullptr, &z, nullptr, &kernels[1], nullptr));
        std::vector<double> gammas(8 * 2), deltas(2 * targets), grid{0.01, 0.1, 1, 10};
        const vem_matrix candidates = vem::matrix(std::span(gammas), 8, 2);
        vem::require(vem_dirichlet_samples(nullptr, 0, 0, &candidates));
        vem_random_search_options options = vem::random_search_options();
        options.alphas = grid.data();
        options.alphas_count = static_cast<std::int64_t>(grid.size());
        vem_random_search_results results = vem::random_search_results();
        results.deltas = vem::matrix(std::span(deltas), 2, targets);
        vem::multiple_kernel_ridge(backend, kernels, y, candidates, vem::Splits::k_fold(samples, 4), options, results);
        for (int j = 0; j < targets; ++j)
            if (!(deltas[j] > deltas[targets + j]))
                return 1;

        // The same with a split for each run of ten samples.
        std::vector<std::int32_t> runs(samples);
        for (int i = 0; i < samples; ++i)
            runs[i] = 1 + i / 10;
        const vem::Splits by_run = vem::Splits::leave_one_run_out(runs);
        vem::multiple_kernel_ridge(backend, kernels, y, candidates, by_run, options, results);
        if (by_run.view().count != samples / 10 || !(deltas[0] > deltas[targets]))
            return 1;

        // A failure is an exception that says what was wrong.
        try {
            vem::ridge(backend, x, vem::matrix(std::span(Y), samples - 1, targets), alphas,
                vem::matrix(std::span(weights), features, targets));
            return 1;
        } catch (const vem::Error &failure) {
            std::printf("as it should be: %s\n", failure.what());
            return failure.status() == VEM_INVALID_ARGUMENT ? 0 : 1;
        }
    } catch (const vem::Error &failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
