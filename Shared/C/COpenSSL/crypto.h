// What Shared/Crypto asks of OpenSSL's EVP, one plain function each: lengths are given, nothing is kept but what a
// handle owns. Unless said otherwise a function returns 1 when it succeeded and 0 when it did not, and leaves OpenSSL's
// error queue empty: a stale entry there would be taken by TLS on the same thread for an error of its own.
#pragma once
// SHA256_* below: see praxis_hmac_sha256.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <stdint.h>
#include <string.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

static inline int praxis_done(int succeeded) {
    if (!succeeded) ERR_clear_error();
    return succeeded ? 1 : 0;
}

static inline int praxis_random(uint8_t *out, size_t count) {
    return praxis_done(RAND_bytes_ex(NULL, out, count, 0) == 1);
}

static inline int praxis_equal(const uint8_t *left, const uint8_t *right, size_t count) {
    return CRYPTO_memcmp(left, right, count) == 0;
}

/// `name` is OpenSSL's, as "SHA256"; `out` has room for the digest.
static inline int praxis_digest(const char *name, const uint8_t *data, size_t count, uint8_t *out) {
    return praxis_done(EVP_Q_digest(NULL, name, NULL, data, count, out, NULL) == 1);
}

/// A context keyed once, to be duplicated for each message; NULL when it cannot be made.
static inline EVP_MAC_CTX *praxis_hmac_key(const char *digest, const uint8_t *key, size_t count) {
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;
    EVP_MAC_free(mac);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0), OSSL_PARAM_construct_end()};
    static const uint8_t none[1] = {0};
    if (context && EVP_MAC_init(context, count ? key : none, count, parameters) == 1) return context;
    EVP_MAC_CTX_free(context);
    praxis_done(0);
    return NULL;
}

static inline int praxis_hmac(
    const EVP_MAC_CTX *keyed, const uint8_t *data, size_t count, uint8_t *out, size_t room) {
    EVP_MAC_CTX *context = EVP_MAC_CTX_dup(keyed);
    size_t written = 0;
    int good = context && EVP_MAC_update(context, data, count) == 1
        && EVP_MAC_final(context, out, &written, room) == 1 && written == room;
    EVP_MAC_CTX_free(context);
    return praxis_done(good);
}

/// A key for HMAC-SHA256 (RFC 2104), hashed into the two states that every message of it begins with.
///
/// EVP copies a state by allocating one, twice a message, which costs as much as hashing 300 bytes does. These functions work on
/// a state that lies where the caller puts it; they are the same code that EVP's default provider calls.
struct praxis_hmac_sha256_key {
    SHA256_CTX inner, outer;
};

static inline void praxis_hmac_sha256_prepare(struct praxis_hmac_sha256_key *key, const uint8_t *bytes, size_t count) {
    uint8_t block[SHA256_CBLOCK] = {0};
    if (count > sizeof block) SHA256(bytes, count, block);
    else if (count) memcpy(block, bytes, count);
    for (size_t place = 0; place < sizeof block; place++) block[place] ^= 0x36;
    SHA256_Init(&key->inner);
    SHA256_Update(&key->inner, block, sizeof block);
    for (size_t place = 0; place < sizeof block; place++) block[place] ^= 0x36 ^ 0x5C;
    SHA256_Init(&key->outer);
    SHA256_Update(&key->outer, block, sizeof block);
    OPENSSL_cleanse(block, sizeof block);
}

static inline void praxis_hmac_sha256(
    const struct praxis_hmac_sha256_key *key, const uint8_t *data, size_t count, uint8_t out[32]) {
    SHA256_CTX state = key->inner;
    SHA256_Update(&state, data, count);
    SHA256_Final(out, &state);
    state = key->outer;
    SHA256_Update(&state, out, 32);
    SHA256_Final(out, &state);
}

static inline int praxis_hkdf_sha256(
    const uint8_t *secret, size_t secretCount, const uint8_t *salt, size_t saltCount, const uint8_t *info,
    size_t infoCount, uint8_t *out, size_t count) {
    // A parameter without an address is refused, even an empty one.
    static const uint8_t none[1] = {0};
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    EVP_KDF_free(kdf);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, "SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(secretCount ? secret : none), secretCount),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)(saltCount ? salt : none), saltCount),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)(infoCount ? info : none), infoCount),
        OSSL_PARAM_construct_end()};
    int good = context && EVP_KDF_derive(context, out, count, parameters) == 1;
    EVP_KDF_CTX_free(context);
    return praxis_done(good);
}

static inline int praxis_pbkdf2_sha256(
    const uint8_t *password, size_t passwordCount, const uint8_t *salt, size_t saltCount, int rounds, uint8_t out[32]) {
    return praxis_done(
        PKCS5_PBKDF2_HMAC(
            (const char *)password, (int)passwordCount, salt, (int)saltCount, rounds, EVP_sha256(), 32, out) == 1);
}

/// The calling thread's context for AES-256-GCM, ready for one message; NULL when it cannot be. It is made once: looking
/// the cipher up and making a context cost more than opening 500 bytes does. It keeps the schedule of the last key until
/// the next one, in the memory of a process that keeps the keys: the rows of a list are mostly one owner's, and the
/// schedule is a third of what opening one costs.
static inline EVP_CIPHER_CTX *praxis_gcm_begin(const uint8_t *key, const uint8_t *nonce, int isSealing) {
    static _Thread_local EVP_CIPHER_CTX *context;
    static _Thread_local uint8_t last[32];
    static _Thread_local int hasLast;
    if (!context) {
        EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
        EVP_CIPHER_CTX *made = cipher ? EVP_CIPHER_CTX_new() : NULL;
        if (made && EVP_CipherInit_ex2(made, cipher, NULL, NULL, 1, NULL) == 1) context = made;
        else EVP_CIPHER_CTX_free(made);
        EVP_CIPHER_free(cipher);
        if (!context) return NULL;
    }
    int isLast = hasLast && CRYPTO_memcmp(last, key, sizeof last) == 0;
    hasLast = EVP_CipherInit_ex2(context, NULL, isLast ? NULL : key, nonce, isSealing, NULL) == 1;
    if (!hasLast) return NULL;
    if (!isLast) memcpy(last, key, sizeof last);
    return context;
}

/// AES-256-GCM with a 96-bit nonce. `out` takes `count` bytes, `tag` 16.
static inline int praxis_gcm_seal(
    const uint8_t *key, const uint8_t *nonce, const uint8_t *beside, size_t besideCount, const uint8_t *plain,
    size_t count, uint8_t *out, uint8_t *tag) {
    EVP_CIPHER_CTX *context = praxis_gcm_begin(key, nonce, 1);
    int written = 0;
    int good = context
        && (besideCount == 0 || EVP_EncryptUpdate(context, NULL, &written, beside, (int)besideCount) == 1)
        && (count == 0 || EVP_EncryptUpdate(context, out, &written, plain, (int)count) == 1)
        && EVP_EncryptFinal_ex(context, out + count, &written) == 1
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, tag) == 1;
    return praxis_done(good);
}

static inline int praxis_gcm_open(
    const uint8_t *key, const uint8_t *nonce, const uint8_t *beside, size_t besideCount, const uint8_t *sealed,
    size_t count, const uint8_t *tag, uint8_t *out) {
    EVP_CIPHER_CTX *context = praxis_gcm_begin(key, nonce, 0);
    int written = 0;
    int good = context
        && (besideCount == 0 || EVP_DecryptUpdate(context, NULL, &written, beside, (int)besideCount) == 1)
        && (count == 0 || EVP_DecryptUpdate(context, out, &written, sealed, (int)count) == 1)
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, (void *)tag) == 1
        && EVP_DecryptFinal_ex(context, out + count, &written) == 1;
    if (!good) OPENSSL_cleanse(out, count);
    return praxis_done(good);
}

static inline EVP_PKEY *praxis_p256_generate(void) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    praxis_done(key != NULL);
    return key;
}

/// The key when it is on P-256 and sound, else NULL; what was given is freed in that case.
static inline EVP_PKEY *praxis_p256_checked(EVP_PKEY *key, int isPrivate) {
    char group[32];
    size_t count = 0;
    int good = key && EVP_PKEY_is_a(key, "EC")
        && EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, &count) == 1
        && (strcmp(group, "prime256v1") == 0 || strcmp(group, "P-256") == 0);
    EVP_PKEY_CTX *context = good ? EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL) : NULL;
    good = context
        && (isPrivate ? EVP_PKEY_check(context) == 1 : EVP_PKEY_public_check(context) == 1);
    EVP_PKEY_CTX_free(context);
    if (good) return key;
    EVP_PKEY_free(key);
    praxis_done(0);
    return NULL;
}

/// From the affine coordinates and, where given, the private scalar, 32 bytes each; NULL when they make no key.
static inline EVP_PKEY *praxis_p256_import(const uint8_t *x, const uint8_t *y, const uint8_t *scalar) {
    uint8_t point[65] = {4};
    memcpy(point + 1, x, 32);
    memcpy(point + 33, y, 32);
    BIGNUM *number = scalar ? BN_secure_new() : NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = NULL;
    int good = builder && context && (!scalar || (number && BN_bin2bn(scalar, 32, number)))
        && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1
        && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) == 1
        && (!scalar || OSSL_PARAM_BLD_push_BN_pad(builder, OSSL_PKEY_PARAM_PRIV_KEY, number, 32) == 1)
        && (parameters = OSSL_PARAM_BLD_to_param(builder)) != NULL && EVP_PKEY_fromdata_init(context) == 1
        && EVP_PKEY_fromdata(context, &key, scalar ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, parameters) == 1;
    OSSL_PARAM_free(parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_BLD_free(builder);
    BN_clear_free(number);
    praxis_done(good);
    return good ? praxis_p256_checked(key, scalar != NULL) : NULL;
}

/// One number of a key ("qx", "qy", "priv") as 32 bytes.
static inline int praxis_p256_number(const EVP_PKEY *key, const char *name, uint8_t *out) {
    BIGNUM *number = NULL;
    int good = EVP_PKEY_get_bn_param(key, name, &number) == 1 && BN_bn2binpad(number, out, 32) == 32;
    BN_clear_free(number);
    return praxis_done(good);
}

/// Refuses encrypted keys: OpenSSL would ask for their password at the terminal.
static inline int praxis_no_password(char *buffer, int size, int forWriting, void *context) {
    (void)buffer, (void)size, (void)forWriting, (void)context;
    return -1;
}

static inline EVP_PKEY *praxis_p256_read_pem(const char *text, size_t count, int isPrivate) {
    BIO *memory = count < 65536 ? BIO_new_mem_buf(text, (int)count) : NULL;
    EVP_PKEY *key = NULL;
    if (memory) {
        key = isPrivate ? PEM_read_bio_PrivateKey(memory, NULL, praxis_no_password, NULL)
                        : PEM_read_bio_PUBKEY(memory, NULL, praxis_no_password, NULL);
    }
    BIO_free(memory);
    return praxis_p256_checked(key, isPrivate);
}

/// PKCS#8 or SubjectPublicKeyInfo; returns how many bytes were written, 0 when it failed or `room` is too small.
static inline size_t praxis_p256_write_pem(const EVP_PKEY *key, int isPrivate, uint8_t *out, size_t room) {
    BIO *memory = BIO_new(BIO_s_mem());
    char *data = NULL;
    int good = memory
        && (isPrivate ? PEM_write_bio_PKCS8PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL) == 1
                      : PEM_write_bio_PUBKEY(memory, key) == 1);
    long count = good ? BIO_get_mem_data(memory, &data) : 0;
    good = count > 0 && (size_t)count <= room;
    if (good) memcpy(out, data, (size_t)count);
    BIO_free(memory);
    return praxis_done(good) ? (size_t)count : 0;
}

/// ECDSA over SHA-256; the signature as r and s, 32 bytes each (RFC 7518 §3.4).
static inline int praxis_p256_sign(EVP_PKEY *key, const uint8_t *data, size_t count, uint8_t *out) {
    uint8_t der[80];
    size_t written = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int good = context && EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL) == 1
        && EVP_DigestSign(context, der, &written, data, count) == 1;
    EVP_MD_CTX_free(context);
    const uint8_t *cursor = der;
    ECDSA_SIG *pair = good ? d2i_ECDSA_SIG(NULL, &cursor, (long)written) : NULL;
    good = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, 32) == 32
        && BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + 32, 32) == 32;
    ECDSA_SIG_free(pair);
    return praxis_done(good);
}

static inline int praxis_p256_verify(
    EVP_PKEY *key, const uint8_t *data, size_t count, const uint8_t *signature) {
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, 32, NULL), *s = BN_bin2bn(signature + 32, 32, NULL);
    if (!pair || !r || !s || ECDSA_SIG_set0(pair, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(pair);
        return praxis_done(0);
    }
    uint8_t der[80], *cursor = der;
    int length = i2d_ECDSA_SIG(pair, NULL);
    int good = length > 0 && (size_t)length <= sizeof der && i2d_ECDSA_SIG(pair, &cursor) == length;
    ECDSA_SIG_free(pair);
    EVP_MD_CTX *context = good ? EVP_MD_CTX_new() : NULL;
    good = context && EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL) == 1
        && EVP_DigestVerify(context, der, (size_t)length, data, count) == 1;
    EVP_MD_CTX_free(context);
    // A signature that does not match leaves entries too, whatever the return value says.
    ERR_clear_error();
    return good;
}
