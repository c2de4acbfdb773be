#pragma once
// glibc shows this to programs that ask for its GNU extensions, which Swift's own import of it does not.
extern int syncfs(int descriptor);
extern int sync_file_range(int descriptor, long long offset, long long count, unsigned int flags);
