#pragma once
// glibc shows this to programs that ask for its GNU extensions, which Swift's own import of it does not.
extern int syncfs(int descriptor);
