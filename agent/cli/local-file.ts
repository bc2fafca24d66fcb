import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { LocalFile } from '../core/control.ts'
import type { AudioFormat } from '../core/documents.ts'
import { messageOf } from '../core/error.ts'
import { usage } from './call.ts'
import type { Messages } from './messages/messages.ts'

const HEAD_BYTES = 16

const starts = (head: Buffer, text: string, at = 0): boolean =>
  head.subarray(at, at + text.length).toString('latin1') === text

/** The container a file is in, by its first bytes: a name may lie. */
export const formatOf = (head: Buffer): AudioFormat | undefined => {
  if (starts(head, 'ID3')) return 'mp3'
  if (starts(head, 'OggS')) return 'ogg'
  if (starts(head, 'fLaC')) return 'flac'
  if (starts(head, 'RIFF') && starts(head, 'WAVE', 8)) return 'wav'
  if (starts(head, 'ftyp', 4)) return 'm4a'
  const [first = 0, second = 0] = head
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined
  // Frame sync, then two bits of version and two of layer: ADTS has layer 0, MPEG audio never has.
  return (second & 0x06) === 0 ? 'aac' : 'mp3'
}

const readHead = async (path: string): Promise<Buffer> => {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  return buffer.subarray(0, bytesRead)
}

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** What the agent must know of a file before its bytes come. @throws USAGE when it cannot be read or is no sound file */
export const describeFile = async (path: string, say: Messages): Promise<LocalFile> => {
  try {
    const { size } = await stat(path)
    const format = formatOf(await readHead(path))
    if (format === undefined || size === 0) throw usage(say.faults.notSound(path))
    return { sha256: await digestOf(path), bytes: size, format, name: basename(path).slice(0, 255) }
  } catch (error) {
    if (error instanceof Error && 'errno' in error)
      throw usage(say.faults.fileUnreadable(path, messageOf(error)))
    throw error
  }
}
