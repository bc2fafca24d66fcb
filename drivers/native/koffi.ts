import koffi from 'koffi'
import { LoaError, messageOf } from '../../agent/core/error.ts'

/** One C function: numbers, strings, buffers (written in place) and opaque pointers go in, a number or a pointer comes out. */
export type NativeFunction<R> = (...args: readonly NativeValue[]) => R
/** A pointer handed out by a library; never looked into. */
export type NativePointer = { readonly native: unique symbol }
export type NativeValue =
  | number
  | bigint
  | string
  | Uint8Array
  | Int16Array
  | NativePointer
  | null
  /** Where an `_Out_ void **` puts its pointer: an array of one. */
  | [NativePointer | null]

/** A shared library whose functions are declared by their C prototypes. */
export type NativeLibrary = {
  /** `prototype` as in the manual page, e.g. `int snd_pcm_drop(void *pcm)`. `long` results arrive as numbers. */
  declare<R = number>(prototype: string): NativeFunction<R>
  /** A function that blocks: it runs in a thread of the pool, where errno is out of reach. Its buffers are written in place. */
  declareAsync(prototype: string): (...args: readonly NativeValue[]) => Promise<number>
}

type InPool = { readonly async: (...args: readonly unknown[]) => void }

const inPool =
  ({ async: call }: InPool) =>
  (...args: readonly NativeValue[]): Promise<number> =>
    new Promise((resolve, reject) => {
      call(...args, (error: unknown, result: number) => (error ? reject(error) : resolve(result)))
    })

/**
 * Loads a shared library by its soname; `null` is the running process itself, where libc lives.
 * @throws UNSUPPORTED when it is not installed; the message ends with `remedy`
 */
export const loadLibrary = (soname: string | null, remedy: string): NativeLibrary => {
  try {
    const library = koffi.load(soname)
    return {
      declare: <R>(prototype: string) => library.func(prototype) as unknown as NativeFunction<R>,
      declareAsync: (prototype) => inPool(library.func(prototype) as unknown as InPool),
    }
  } catch (cause) {
    throw new LoaError('UNSUPPORTED', `cannot load ${soname ?? 'libc'}: ${messageOf(cause)}; ${remedy}`, {
      cause,
    })
  }
}

/** errno of the last call in this thread: read it straight after the call that failed. */
export const lastErrno = (): number => koffi.errno()
