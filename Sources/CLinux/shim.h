#pragma once
// glibc shows this to programs that ask for its GNU extensions, which Swift's own import of it does not.
extern int syncfs(int descriptor);
/// Offset and length 0 are the whole file.
extern int sync_file_range(int descriptor, long long offset, long long count, unsigned int flags);
