import { readdirSync, realpathSync } from 'node:fs'

/** Names in /dev: which are the same device, and which stay with it. */
export type DeviceNames = {
  /** The device that a name leads to in the end; undefined when there is none. */
  real(path: string): string | undefined
  /**
   * A name that leads to the same device after it was plugged in anew, best first by its maker and serial number, else by its
   * socket. Undefined when the name given is such a one already, or the device has none.
   */
  lasting(path: string): string | undefined
}

const LASTING_FOLDERS = ['/dev/serial/by-id', '/dev/serial/by-path']
/** Numbered in the order of plugging in. */
const PASSING = /^\/dev\/tty(?:USB|ACM)\d+$/

/** A serial port whose name is given to the next adapter when it is plugged in first. */
export const isPassing = (path: string): boolean => PASSING.test(path)

const entriesOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    // udev makes these folders with the first adapter.
    return []
  }
}

const attempt = (path: string): string | undefined => {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

/** `root` stands before every path; empty but in tests. */
export const createDeviceNames = (root = ''): DeviceNames => {
  const inside = root === '' ? '' : (attempt(root) ?? root)
  const real = (path: string): string | undefined => attempt(`${root}${path}`)?.slice(inside.length)
  return {
    real,
    lasting: (path) => {
      const device = real(path)
      if (device === undefined || !isPassing(path)) return undefined
      return LASTING_FOLDERS.flatMap((folder) =>
        entriesOf(`${root}${folder}`).map((name) => `${folder}/${name}`),
      ).find((name) => real(name) === device)
    },
  }
}
