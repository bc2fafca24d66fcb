import { loadLibrary } from './koffi.ts'

export interface Systemd {
  /** Above 0: the service manager was told. 0: nobody listens. Below 0: minus the errno. @see sd_notify(3) */
  notify(state: string): number
  /** How often the service manager wants to hear `WATCHDOG=1`, in microseconds; undefined: never. @see sd_watchdog_enabled(3) */
  watchdogUs(): number | undefined
}

/** @throws UNSUPPORTED where there is no libsystemd.so.0 */
export const openSystemd = (): Systemd => {
  const library = loadLibrary('libsystemd.so.0', 'install the package libsystemd0')
  const sdNotify = library.declare('int sd_notify(int unsetEnvironment, const char *state)')
  const sdWatchdogEnabled = library.declare('int sd_watchdog_enabled(int unsetEnvironment, void *usec)')
  return {
    notify: (state) => sdNotify(0, state),
    watchdogUs: () => {
      const usec = Buffer.alloc(8)
      return sdWatchdogEnabled(0, usec) > 0 ? Number(usec.readBigUInt64LE(0)) : undefined
    },
  }
}
