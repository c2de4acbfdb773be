#pragma once
#include <gnu/libc-version.h>
#include <oneapi/dnnl/dnnl.h>

// The few entry points of libgomp, the OpenMP runtime that Debian's oneDNN is linked with. Swift's clang brings no omp.h.
void GOMP_parallel(void (*function)(void *), void *data, unsigned threads, unsigned flags);
void omp_set_dynamic(int dynamic);
void omp_set_num_threads(int threads);
int omp_get_num_threads(void);
int omp_get_thread_num(void);
int omp_in_parallel(void);
