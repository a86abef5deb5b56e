// libcurl's variadic setters, one typed wrapper each: Swift does not import C variadics.
#pragma once
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

static inline CURLcode praxis_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode praxis_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode praxis_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode praxis_curl_set_read(CURL *handle, curl_read_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_READFUNCTION, callback);
}
static inline CURLcode praxis_curl_set_write(CURL *handle, curl_write_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, callback);
}
static inline CURLcode praxis_curl_response_code(CURL *handle, long *code) {
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, code);
}
static inline CURLcode praxis_curl_set_open_socket(CURL *handle, curl_opensocket_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
}
// The seconds of a Retry-After, also where it names a date; 0 without one.
static inline CURLcode praxis_curl_retry_after(CURL *handle, curl_off_t *seconds) {
    return curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, seconds);
}
// The address a socket is wanted for, as 128 bits with IPv4 in its mapped form; 0 for another family.
static inline int praxis_curl_address(const struct curl_sockaddr *address, uint64_t *high, uint64_t *low) {
    uint64_t halves[2];
    if (address->family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, &address->addr, sizeof four);
        *high = 0;
        *low = UINT64_C(0xFFFF00000000) | ntohl(four.sin_addr.s_addr);
        return 1;
    }
    if (address->family != AF_INET6) return 0;
    struct sockaddr_in6 six;
    memcpy(&six, &address->addr, sizeof six);
    memcpy(halves, &six.sin6_addr, sizeof halves);
    *high = __builtin_bswap64(halves[0]);
    *low = __builtin_bswap64(halves[1]);
    return 1;
}
