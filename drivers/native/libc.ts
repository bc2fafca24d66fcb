import { lastErrno, loadLibrary } from './koffi.ts'

/**
 * System calls Node has no word for. Like the kernel itself they answer with a result,
 * or with minus the errno: `-16` is EBUSY; `describeErrno` puts it in words.
 */
export interface Libc {
  /** `argument` is read and written in place; its size must be the one the request encodes. @see ioctl(2) */
  ioctl(fd: number, request: number, argument: Uint8Array): number
  /** `timex`: a struct timex of 208 bytes, filled in place; answers the state of the clock. @see adjtimex(2) */
  adjtimex(timex: Uint8Array): number
  /** How many bytes were read into `into`. @see read(2) */
  read(fd: number, into: Uint8Array): number
  /**
   * `fds`: structs pollfd, filled in place. Waits in a thread of the pool, so that the event loop turns meanwhile;
   * answers how many are ready, -1 when it failed. @see poll(2)
   */
  poll(fds: Uint8Array, timeoutMs: number): Promise<number>
  /** Has the clean pages of a file leave the memory: what is read next comes from the disk. @see posix_fadvise(2) */
  dropPages(fd: number): number
}

const POLL_BYTES = 8
const POSIX_FADV_DONTNEED = 4

/** @throws UNSUPPORTED when koffi has no binary for this machine */
export const openLibc = (): Libc => {
  const library = loadLibrary(null, 'libc is always there')
  const ioctl = library.declare('int ioctl(int fd, unsigned long request, void *argument)')
  const adjtimex = library.declare('int adjtimex(void *timex)')
  const read = library.declare('long read(int fd, void *into, unsigned long bytes)')
  const poll = library.declareAsync('int poll(void *fds, unsigned long count, int timeout)')
  const fadvise = library.declare('int posix_fadvise(int fd, long offset, long bytes, int advice)')
  const answer = (result: number): number => (result < 0 ? -lastErrno() : result)
  return {
    ioctl: (fd, request, argument) => answer(ioctl(fd, request, argument)),
    adjtimex: (timex) => answer(adjtimex(timex)),
    read: (fd, into) => answer(read(fd, into, into.length)),
    poll: (fds, timeoutMs) => poll(fds, fds.length / POLL_BYTES, timeoutMs),
    dropPages: (fd) => 0 - fadvise(fd, 0, 0, POSIX_FADV_DONTNEED),
  }
}
