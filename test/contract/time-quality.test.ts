import { mkdtempSync } from 'node:fs'
import { tmpdir, uptime } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTimeQuality } from '../../agent/adapters/system/time-quality.ts'
import { openLibc } from '../../drivers/native/libc.ts'

const TIME_OK = 0
const TIME_ERROR = 5
const EPERM = 1
const UNSYNC = 0x40
const NANO = 0x2000
const PLL = 0x1

/** A kernel that answers with this state, status word and remaining offset. */
const kernel = (state: number, status: number, offset: bigint) => ({
  adjtimex: (timex: Uint8Array) => {
    const view = new DataView(timex.buffer, timex.byteOffset, timex.byteLength)
    expect(view.byteLength).toBe(208)
    expect(view.getUint32(0, true), 'modes: nothing may be changed').toBe(0)
    view.setBigInt64(8, offset, true)
    view.setInt32(40, status, true)
    return state
  },
})

describe('the quality of the clock', () => {
  it('can be asked of the kernel that runs this test', () => {
    const quality = createTimeQuality(openLibc()).read()
    expect(Math.abs(quality.offsetMs)).toBeLessThanOrEqual(500)
    expect(Math.abs(quality.uptimeMs - uptime() * 1000)).toBeLessThan(1000)
    expect(typeof quality.synchronised).toBe('boolean')
  })

  it.each([
    {
      says: 'synchronised in nanoseconds',
      state: TIME_OK,
      status: PLL | NANO,
      offset: -1_500_000n,
      synchronised: true,
      offsetMs: -1.5,
    },
    {
      says: 'synchronised in microseconds',
      state: TIME_OK,
      status: PLL,
      offset: 1_500n,
      synchronised: true,
      offsetMs: 1.5,
    },
    { says: 'in error', state: TIME_ERROR, status: PLL | NANO, offset: 0n, synchronised: false, offsetMs: 0 },
    {
      says: 'unsynchronised',
      state: TIME_OK,
      status: UNSYNC | NANO,
      offset: 0n,
      synchronised: false,
      offsetMs: 0,
    },
    {
      says: 'forbidden by a seccomp filter',
      state: -EPERM,
      status: 0,
      offset: 0n,
      synchronised: false,
      offsetMs: 0,
    },
  ])('is read rightly when the kernel is $says', ({ state, status, offset, synchronised, offsetMs }) => {
    expect(createTimeQuality(kernel(state, status, offset)).read()).toMatchObject({ synchronised, offsetMs })
  })

  it('knows whether there is a clock that runs without power', () => {
    const quiet = kernel(TIME_OK, 0, 0n)
    const folder = mkdtempSync(join(tmpdir(), 'loa-rtc-'))
    expect(createTimeQuality(quiet, folder).read().hasRtc).toBe(false)
    mkdtempSync(join(folder, 'rtc0'))
    expect(createTimeQuality(quiet, folder).read().hasRtc).toBe(true)
    expect(createTimeQuality(quiet, join(folder, 'none')).read().hasRtc).toBe(false)
  })
})
