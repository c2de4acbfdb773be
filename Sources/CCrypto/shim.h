// SHA-256 of libcrypto, as plain functions on a plain value: one hash costs no allocation.
// OpenSSL 3 deprecates these names in favour of EVP, which allocates a context for each hash.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

static inline SHA256_CTX curare_sha256_begin(void) {
    SHA256_CTX context;
    SHA256_Init(&context);
    return context;
}

static inline void curare_sha256_update(SHA256_CTX *context, const void *bytes, size_t count) {
    SHA256_Update(context, bytes, count);
}

static inline void curare_sha256_finish(SHA256_CTX *context, unsigned char *digest) {
    SHA256_Final(digest, context);
}
