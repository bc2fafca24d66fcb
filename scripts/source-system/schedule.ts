import { execFile } from 'node:child_process'
import { copyFile, mkdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import type {
  AudioFormat,
  AudioRef,
  Page,
  ProgrammeClass,
  ScheduleDocument,
  ScheduleItem,
} from '../../agent/core/documents.ts'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import { sha256OfFile } from './content-library.ts'

const run = promisify(execFile)

const FORMATS: Readonly<Record<string, AudioFormat>> = {
  '.mp3': 'mp3',
  '.ogg': 'ogg',
  '.oga': 'ogg',
  '.opus': 'ogg',
  '.aac': 'aac',
  '.m4a': 'm4a',
  '.mp4': 'm4a',
  '.flac': 'flac',
  '.wav': 'wav',
}

/** Length of a sound file in seconds, to a millisecond. */
const secondsOf = async (file: string): Promise<number> => {
  const args = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', '-i', file]
  const { stdout } = await run('ffprobe', args).catch((cause: unknown) => {
    throw new LoaError(
      'BAD_MEDIA',
      `ffprobe cannot read ${file} (${messageOf(cause)}); is it a sound file, and is ffmpeg installed?`,
      { cause },
    )
  })
  const seconds = Math.round(Number(stdout.trim()) * 1000) / 1000
  if (!(seconds > 0)) throw new LoaError('BAD_MEDIA', `${file} does not say how long it is; convert it first`)
  return seconds
}

export type DescribeOptions = {
  /** Of the content server: `http://127.0.0.1:8080`. Several for several mirrors. */
  readonly origins: readonly string[]
  /** Folder of the content server; the file is copied there under its hash. */
  readonly contentDirectory?: string
}

/** What a schedule says of a sound file: hash, length, format, where to fetch it. */
export const describeAudio = async (file: string, options: DescribeOptions): Promise<AudioRef> => {
  const extension = extname(file).toLowerCase()
  const format = FORMATS[extension]
  if (format === undefined) {
    throw new LoaError(
      'USAGE',
      `${file} is none of ${Object.keys(FORMATS).join(' ')}: convert it with ffmpeg`,
    )
  }
  const [info, sha256, seconds] = await Promise.all([stat(file), sha256OfFile(file), secondsOf(file)])
  if (options.contentDirectory !== undefined) {
    await mkdir(options.contentDirectory, { recursive: true })
    await copyFile(file, join(options.contentDirectory, `${sha256}${extension}`))
  }
  const urls = options.origins.map((origin) => `${origin}/c/${sha256}`)
  return { sha256, bytes: info.size, format, seconds, urls }
}

export type ItemOptions = {
  readonly id: string
  readonly at: Date
  readonly title?: string
  readonly class?: ProgrammeClass
  readonly audio?: AudioRef
  readonly chime?: boolean
  readonly volume?: number
  /** Scrolls over all signs of the board while the item plays. */
  readonly text?: string
}

/** An item that starts at one instant: chime, sound, a page on the signs, each if asked for. */
export const itemAt = (options: ItemOptions): ScheduleItem => {
  const { id, at, audio, text, title, volume } = options
  const parts: ScheduleItem['parts'] = [
    ...(options.chime === true ? [{ sound: 'chime' as const }] : []),
    ...(audio === undefined ? [] : [{ audio }]),
  ]
  const page: Page = { text: text ?? '', mode: 'scroll', color: 'amber', seconds: 10 }
  return {
    id,
    ...(title === undefined ? {} : { title }),
    ...(options.class === undefined ? {} : { class: options.class }),
    when: { at: at.toISOString() },
    ...(parts.length === 0 ? {} : { parts }),
    ...(volume === undefined ? {} : { volume }),
    ...(text === undefined ? {} : { sign: { pages: [page] } }),
  }
}

/** `rev` is the Unix seconds of `now`, unless a higher one is needed within the same second. */
export const scheduleDocument = (
  area: string,
  items: readonly ScheduleItem[],
  now: Date,
  rev: number = Math.floor(now.getTime() / 1000),
): ScheduleDocument => ({ kind: 'schedule', v: 1, area, rev, iat: now.toISOString(), items })
