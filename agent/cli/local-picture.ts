import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { LocalPicture } from '../core/control.ts'
import type { ImageFormat } from '../core/documents.ts'
import { messageOf } from '../core/error.ts'
import { usage } from './call.ts'
import type { Messages } from './messages/messages.ts'

const starts = (bytes: Buffer, text: string, at = 0): boolean =>
  bytes.subarray(at, at + text.length).toString('latin1') === text

/** The format a file is in, by its first bytes: a name may lie. */
export const pictureFormatOf = (bytes: Buffer): ImageFormat | undefined => {
  if (starts(bytes, '\u0089PNG')) return 'png'
  if (starts(bytes, '\u00ff\u00d8\u00ff')) return 'jpeg'
  if (starts(bytes, 'GIF8')) return 'gif'
  return starts(bytes, 'RIFF') && starts(bytes, 'WEBP', 8) ? 'webp' : undefined
}

/** A picture and what the agent must know of it before its bytes come. @throws USAGE when it cannot be read or is none */
export const readPicture = async (
  path: string,
  say: Messages,
): Promise<{ readonly file: LocalPicture; readonly bytes: Buffer }> => {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw usage(say.faults.fileUnreadable(path, messageOf(error)))
  })
  const format = pictureFormatOf(bytes)
  if (format === undefined) throw usage(say.faults.notPicture(path))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { bytes, file: { sha256, bytes: bytes.length, format, name: basename(path).slice(0, 255) } }
}
