/* A decoder that was taken over: tries one thing and says `done` when it succeeded, exit 0. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int done(int ok) {
  if (ok && write(1, "done\n", 5) == 5) return 0;
  perror("refused");
  return 1;
}

static int reach(int type, const char *port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int s = socket(AF_INET, type, 0);
  if (s < 0 || connect(s, (struct sockaddr *)&to, sizeof to) != 0) return 0;
  return write(s, "GET /escape HTTP/1.0\r\n\r\n", 24) == 24;
}

static int reach_local(const char *path) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  strncpy(to.sun_path, path, sizeof to.sun_path - 1);
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  return s >= 0 && connect(s, (struct sockaddr *)&to, sizeof to) == 0;
}

static int read_file(const char *path) {
  char byte;
  int f = open(path, O_RDONLY);
  return f >= 0 && read(f, &byte, 1) == 1;
}

static int write_file(const char *path) {
  int f = open(path, O_WRONLY | O_CREAT, 0600);
  return f >= 0 && write(f, "x", 1) == 1;
}

static int fork_once(void) {
  pid_t child = fork();
  if (child == 0) _exit(0);
  return child > 0 && waitpid(child, NULL, 0) == child;
}

/* In pieces, each of them touched, as a decoder would. */
static int allocate(long bytes) {
  for (long held = 0; held < bytes; held += 1 << 20) {
    char *piece = malloc(1 << 20);
    if (piece == NULL) return 0;
    memset(piece, 1, 1 << 20);
  }
  return 1;
}

static void *nothing(void *x) { return x; }

/* What an honest decoder does: proves that the jail leaves it that. */
static int work(void) {
  pthread_t thread;
  char byte;
  if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0) return 0;
  return read(0, &byte, 1) == 1 && allocate(32L << 20);
}

/* The kernel would send SIGKILL to the owner of a descriptor that becomes readable. */
static int signal_through_descriptor(pid_t victim) {
  return fcntl(0, F_SETOWN, victim) == 0 && fcntl(0, F_SETSIG, SIGKILL) == 0;
}

int main(int count, char **words) {
  const char *what = words[1], *with = count > 2 ? words[2] : "";
  if (!strcmp(what, "work")) return done(work());
  if (!strcmp(what, "read")) return done(read_file(with));
  if (!strcmp(what, "write")) return done(write_file(with));
  if (!strcmp(what, "delete")) return done(unlink(with) == 0);
  if (!strcmp(what, "tcp")) return done(reach(SOCK_STREAM, with));
  if (!strcmp(what, "udp")) return done(reach(SOCK_DGRAM, with));
  if (!strcmp(what, "unix")) return done(reach_local(with));
  if (!strcmp(what, "fork")) return done(fork_once());
  if (!strcmp(what, "exec")) return execl(with, with, "-c", "echo done", (char *)NULL), done(0);
  if (!strcmp(what, "signal")) return done(kill(atoi(with), 0) == 0);
  if (!strcmp(what, "own")) return done(signal_through_descriptor(atoi(with)));
  if (!strcmp(what, "ptrace")) return done(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
  if (!strcmp(what, "allocate")) return done(allocate(atol(with) << 20));
  if (!strcmp(what, "spin")) for (;;) ;
  if (!strcmp(what, "flood")) for (;;) if (write(1, what, 5) < 0) return 1;
  return 2;
}
