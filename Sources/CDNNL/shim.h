#pragma once
#include <gnu/libc-version.h>
#include <oneapi/dnnl/dnnl.h>

// Functions of libgomp, the OpenMP runtime of Debian's oneDNN. Swift's clang has no omp.h.
void GOMP_parallel(void (*function)(void *), void *data, unsigned threads, unsigned flags);
void omp_set_dynamic(int dynamic);
void omp_set_num_threads(int threads);
int omp_get_num_threads(void);
int omp_get_max_threads(void);
int omp_get_thread_num(void);
int omp_in_parallel(void);
