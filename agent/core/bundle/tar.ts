/** A file of an archive. `name` with its folder, at most 100 bytes of ASCII. */
export type TarFile = { readonly name: string; readonly bytes: Uint8Array }

/** POSIX ustar, IEEE Std 1003.1, "ustar Interchange Format": blocks of this length, two empty ones at the end. */
const BLOCK = 512
const NAME = { at: 0, length: 100 }
const SIZE = { at: 124, length: 12 }
const CHECKSUM = { at: 148, length: 8 }
const TYPE_AT = 156
const REGULAR = '0'

type Field = { readonly at: number; readonly length: number }

const put = (block: Uint8Array, text: string, at: number): void => {
  for (let index = 0; index < text.length; index += 1) block[at + index] = text.charCodeAt(index)
}

const octal = (value: number, { length }: Field): string => value.toString(8).padStart(length - 1, '0')

const header = ({ name, bytes }: TarFile, seconds: number): Uint8Array => {
  const block = new Uint8Array(BLOCK)
  put(block, name, NAME.at)
  put(block, '0000600\0' + '0000000\0' + '0000000\0', 100)
  put(block, octal(bytes.length, SIZE), SIZE.at)
  put(block, octal(seconds, SIZE), 136)
  put(block, ' '.repeat(CHECKSUM.length), CHECKSUM.at)
  put(block, REGULAR, TYPE_AT)
  put(block, 'ustar\x0000', 257)
  const sum = block.reduce((all, byte) => all + byte, 0)
  put(block, `${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM.at)
  return block
}

const blocksOf = (length: number): number => Math.ceil(length / BLOCK)

/** An archive of these files, changed at `seconds` since 1970, readable by their owner alone. */
export const createTar = (files: readonly TarFile[], seconds: number): Uint8Array => {
  const blocks = files.reduce((sum, { bytes }) => sum + 1 + blocksOf(bytes.length), 2)
  const archive = new Uint8Array(blocks * BLOCK)
  let at = 0
  for (const file of files) {
    archive.set(header(file, Math.max(0, Math.floor(seconds))), at)
    archive.set(file.bytes, at + BLOCK)
    at += (1 + blocksOf(file.bytes.length)) * BLOCK
  }
  return archive
}

const textAt = (archive: Uint8Array, from: number, { at, length }: Field): string => {
  const bytes = archive.subarray(from + at, from + at + length)
  const end = bytes.indexOf(0)
  return String.fromCharCode(...(end === -1 ? bytes : bytes.subarray(0, end)))
}

/** The regular files of an archive of ours, as far as they are whole; nothing of what is no archive. */
export function* readTar(archive: Uint8Array): Generator<TarFile> {
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const name = textAt(archive, at, NAME)
    const size = Number.parseInt(textAt(archive, at, SIZE).trim(), 8)
    if (name === '' || !Number.isSafeInteger(size) || size < 0) return
    const from = at + BLOCK
    if (from + size > archive.length) return
    const type = String.fromCharCode(archive[at + TYPE_AT] ?? 0)
    if (type === REGULAR || type === '\0') yield { name, bytes: archive.subarray(from, from + size) }
    at = from + blocksOf(size) * BLOCK
  }
}
