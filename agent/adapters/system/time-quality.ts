import { readdirSync } from 'node:fs'
import { uptime } from 'node:os'
import type { Libc } from '../../../drivers/native/libc.ts'
import type { TimeQuality } from '../../ports/time-quality.ts'

/** struct timex on 64-bit Linux. @see adjtimex(2) */
const TIMEX = { bytes: 208, offset: 8, status: 40 } as const
const TIME_ERROR = 5
const STA_UNSYNC = 0x0040
const STA_NANO = 0x2000

const hasEntries = (folder: string): boolean => {
  try {
    return readdirSync(folder).length > 0
  } catch {
    return false
  }
}

/**
 * Asks the kernel, with modes 0: nothing is changed and no privilege is needed, but a seccomp filter
 * must let clock_adjtime through (systemd's ProtectClock= does not). What cannot be asked counts as not synchronised.
 */
export const createTimeQuality = (
  libc: Pick<Libc, 'adjtimex'>,
  rtcFolder = '/sys/class/rtc',
): TimeQuality => ({
  read: () => {
    const timex = Buffer.alloc(TIMEX.bytes)
    const state = libc.adjtimex(timex)
    const status = timex.readInt32LE(TIMEX.status)
    const offset = Number(timex.readBigInt64LE(TIMEX.offset))
    return {
      synchronised: state >= 0 && state !== TIME_ERROR && (status & STA_UNSYNC) === 0,
      offsetMs: offset / ((status & STA_NANO) === 0 ? 1e3 : 1e6),
      uptimeMs: uptime() * 1000,
      hasRtc: hasEntries(rtcFolder),
    }
  },
})
