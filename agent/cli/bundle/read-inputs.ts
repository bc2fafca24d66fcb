import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { INPUTS_PART } from '../../core/bundle/part.ts'
import { readTar } from '../../core/bundle/tar.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import { BEGINNING } from '../../core/replay/journal.ts'
import { type Call, usage } from '../call.ts'

/** Ours are at most 5 MB, and a tenth of what they hold. */
const MOST_BYTES = 32 * 1024 * 1024
const MOST_UNPACKED = 256 * 1024 * 1024

const GZIP = [0x1f, 0x8b] as const

const readWhole = async (call: Call, file: string): Promise<Buffer> => {
  try {
    const { size } = await stat(file)
    if (size > MOST_BYTES) throw new LoaError('TOO_LARGE', `${size} bytes`)
    return await readFile(file)
  } catch (cause) {
    throw usage(call.say.faults.fileUnreadable(file, messageOf(cause)))
  }
}

const unpacked = async (call: Call, file: string, bytes: Buffer): Promise<Buffer> => {
  if (bytes[0] !== GZIP[0] || bytes[1] !== GZIP[1]) return bytes
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MOST_UNPACKED })
  } catch (cause) {
    throw new LoaError('INVALID', `${call.say.support.replay.noInputs(file)}: ${messageOf(cause)}`, { cause })
  }
}

/** The lines of what an arbiter was told, from a bundle or from the file inside one. @throws USAGE, INVALID */
export const readInputs = async (call: Call, file: string): Promise<readonly string[]> => {
  const bytes = await unpacked(call, file, await readWhole(call, file))
  const entries = [...readTar(bytes)]
  const inside = entries.find(({ name }) => name.endsWith(`/${INPUTS_PART}`))
  const text = inside === undefined ? bytes.toString('utf8') : Buffer.from(inside.bytes).toString('utf8')
  if (inside === undefined && !text.startsWith(BEGINNING))
    throw new LoaError('INVALID', call.say.support.replay.noInputs(file))
  return text.split('\n')
}
