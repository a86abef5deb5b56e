// What Glibc's own module does not show to Swift: epoll, eventfd, signalfd, accept4, getrandom, crypt(3), prctl.
#pragma once
// _GNU_SOURCE stays undefined: with it, types of glibc differ from those of Swift's own Glibc module and cannot be mixed.
#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

long syscall(long number, ...);

// glibc's own make every call a point where the thread may be cancelled, which costs two atomic instructions each time; no thread
// of ours is ever cancelled.
static inline ssize_t praxis_receive(int fd, void *bytes, size_t count) {
    return syscall(SYS_recvfrom, fd, bytes, count, 0, (void *)0, (void *)0);
}

static inline ssize_t praxis_send(int fd, const void *bytes, size_t count) {
    return syscall(SYS_sendto, fd, bytes, count, MSG_NOSIGNAL, (void *)0, 0);
}

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);

static inline int praxis_accept4(int fd, struct sockaddr *address, socklen_t *length) {
    return accept4(fd, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// prctl is variadic, which Swift cannot call.
static inline int praxis_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

// Names the calling thread, for tools that list threads; 15 bytes are kept.
static inline int praxis_name_thread(const char *name) {
    return prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0);
}
