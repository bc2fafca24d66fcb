/** Number on x86_64 and on aarch64; the newer machine left out what an older call of another name does as well. */
type Numbers = readonly [x64: number, arm64: number | undefined]

/**
 * What a program needs to load itself, read its input, compute and write its output.
 * No socket, no new process, no signal to another one, nothing written to a disk, no device.
 * Those that are asked for most come first: the kernel goes through them in order.
 */
export const PLAIN = {
  read: [0, 63],
  write: [1, 64],
  futex: [202, 98],
  poll: [7, undefined],
  ppoll: [271, 73],
  lseek: [8, 62],
  readv: [19, 65],
  writev: [20, 66],
  pread64: [17, 67],
  pwrite64: [18, 68],
  close: [3, 57],
  mmap: [9, 222],
  mprotect: [10, 226],
  munmap: [11, 215],
  mremap: [25, 216],
  madvise: [28, 233],
  brk: [12, 214],
  mlock: [149, 228],
  munlock: [150, 229],
  fstat: [5, 80],
  stat: [4, undefined],
  lstat: [6, undefined],
  newfstatat: [262, 79],
  statx: [332, 291],
  statfs: [137, 43],
  fstatfs: [138, 44],
  access: [21, undefined],
  faccessat: [269, 48],
  faccessat2: [439, 439],
  readlink: [89, undefined],
  readlinkat: [267, 78],
  getcwd: [79, 17],
  getdents64: [217, 61],
  fadvise64: [221, 223],
  dup: [32, 23],
  dup2: [33, undefined],
  dup3: [292, 24],
  pipe: [22, undefined],
  pipe2: [293, 59],
  select: [23, undefined],
  pselect6: [270, 72],
  epoll_create1: [291, 20],
  epoll_ctl: [233, 21],
  epoll_wait: [232, undefined],
  epoll_pwait: [281, 22],
  eventfd2: [290, 19],
  set_robust_list: [273, 99],
  get_robust_list: [274, 100],
  rseq: [334, 293],
  set_tid_address: [218, 96],
  arch_prctl: [158, undefined],
  membarrier: [324, 283],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  rt_sigtimedwait: [128, 137],
  sigaltstack: [131, 132],
  restart_syscall: [219, 128],
  sched_getaffinity: [204, 123],
  sched_yield: [24, 124],
  getcpu: [309, 168],
  getrandom: [318, 278],
  clock_gettime: [228, 113],
  clock_getres: [229, 114],
  clock_nanosleep: [230, 115],
  nanosleep: [35, 101],
  gettimeofday: [96, 169],
  time: [201, undefined],
  times: [100, 153],
  getrusage: [98, 165],
  uname: [63, 160],
  sysinfo: [99, 179],
  getuid: [102, 174],
  geteuid: [107, 175],
  getgid: [104, 176],
  getegid: [108, 177],
  getpid: [39, 172],
  gettid: [186, 178],
  getppid: [110, 173],
  // Landlock says what may become the process; the filter stays on it whatever that is.
  execve: [59, 221],
  exit: [60, 93],
  exit_group: [231, 94],
} as const satisfies Readonly<Record<string, Numbers>>

/** How one argument, counted from 0, must be for a call to be allowed. */
export type Condition =
  | { readonly argument: number; readonly is: 'one-of'; readonly values: readonly number[] }
  | { readonly argument: number; readonly is: 'all-set' | 'none-set'; readonly bits: number }
  /** Both halves: a pointer. */
  | { readonly argument: number; readonly is: 'null' }

/** O_WRONLY, O_RDWR, O_CREAT, O_TRUNC and __O_TMPFILE: the same on both machines. */
const WRITES = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000
const CLONE_THREAD = 0x10000
/** F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: not F_SETOWN, by which one signals another process. */
const DESCRIPTOR_COMMANDS = [0, 1, 2, 3, 4, 1030]
/** TCGETS (is it a terminal?), FIONREAD, FIONBIO. */
const PIPE_REQUESTS = [0x5401, 0x541b, 0x5421]
/** PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_READ. */
const HARMLESS_OPTIONS = [15, 16, 23]

/** Calls that are allowed with some arguments only. */
export const CONDITIONAL = {
  openat: { numbers: [257, 56], argument: 2, is: 'none-set', bits: WRITES },
  open: { numbers: [2, undefined], argument: 1, is: 'none-set', bits: WRITES },
  clone: { numbers: [56, 220], argument: 0, is: 'all-set', bits: CLONE_THREAD },
  fcntl: { numbers: [72, 25], argument: 1, is: 'one-of', values: DESCRIPTOR_COMMANDS },
  ioctl: { numbers: [16, 29], argument: 1, is: 'one-of', values: PIPE_REQUESTS },
  prctl: { numbers: [157, 167], argument: 0, is: 'one-of', values: HARMLESS_OPTIONS },
  // Limits may be read.
  prlimit64: { numbers: [302, 261], argument: 2, is: 'null' },
} as const satisfies Readonly<Record<string, Condition & { readonly numbers: Numbers }>>
