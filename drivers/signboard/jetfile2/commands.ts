import type { LocalTime } from '../local-time.ts'
import { bcd, latin, u16, u32 } from '../words.ts'
import type { JetPacket } from './packet.ts'

const LABEL_BYTES = 12
/** Of a file in one packet. */
const CHUNK_BYTES = 512
/** Packets of this protocol hold no more data of an emergency text. */
export const MOST_EMERGENCY_BYTES = 1024
const LONGEST_SECONDS = 0xffff
/** Sunday is 1 in the controller. */
const DAYS = 7
/** Codes of the time zones begin 12 hours behind UTC. */
const ZONE_OF_UTC = 12

export type JetCommand = Pick<JetPacket, 'main' | 'sub'> & Partial<Pick<JetPacket, 'argument' | 'data'>>

/** What it is, and that it is there: it shows nothing. */
export const connectionTest = (): JetCommand => ({ main: 0x03, sub: 0x01 })

export const blackScreen = (on: boolean): JetCommand => ({ main: 0x04, sub: on ? 0x01 : 0x02 })

export const readParameters = (): JetCommand => ({ main: 0x01, sub: 0x0a })

export const powerOn = (): JetCommand => ({ main: 0x04, sub: 0x04 })

const FILE_COMMANDS = { text: 0x04, picture: 0x06 } as const

/** Writes a file to a disk, in as many packets as it takes: `E` is in memory, `D` in flash. */
export const writeFile = (
  kind: keyof typeof FILE_COMMANDS,
  disk: string,
  label: string,
  file: Uint8Array,
): readonly JetCommand[] => {
  const count = Math.max(1, Math.ceil(file.length / CHUNK_BYTES))
  return Array.from({ length: count }, (_, i) => {
    const argument = new Uint8Array(2 + LABEL_BYTES + 10)
    argument[0] = disk.charCodeAt(0)
    argument.set(latin(label.slice(0, LABEL_BYTES)), 2)
    argument.set([...u32(file.length), ...u16(CHUNK_BYTES), ...u16(count), ...u16(i + 1)], 2 + LABEL_BYTES)
    const data = file.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES)
    return { main: 0x02, sub: FILE_COMMANDS[kind], argument, data }
  })
}

/** Shows a text file at once and over everything, and forgets it after so many seconds. */
export const emergencyText = (file: Uint8Array, seconds: number): JetCommand => ({
  main: 0x02,
  sub: 0x09,
  argument: Uint8Array.of(...u16(Math.min(seconds, LONGEST_SECONDS)), 0, 0),
  data: file,
})

/** Of the whole panel; boards without dimming refuse it. `level` 0 to 255. */
export const brightness = (width: number, height: number, level: number): JetCommand => ({
  main: 0x02,
  sub: 0x0a,
  argument: Uint8Array.of(...u16(0), ...u16(0), level, level, level, ...u16(width), ...u16(height), 0),
})

/** Local time, `utcHours` ahead of UTC. */
export const setTime = (at: LocalTime & { readonly utcHours: number }): JetCommand => ({
  main: 0x05,
  sub: 0x04,
  argument: Uint8Array.of(
    ...[at.year % 100, Math.floor(at.year / 100), at.month, at.day, at.hour, at.minute, at.second].map(bcd),
    (at.weekday % DAYS) + 1,
    at.utcHours + ZONE_OF_UTC,
    0,
    0,
    0,
  ),
})
