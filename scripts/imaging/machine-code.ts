import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

const HEADER_BYTES = 20
const MAGIC = Buffer.from('\x7fELF', 'latin1')
const AARCH64 = 183
/** The processor in the chip of a Raspberry Pi that loads the kernel: its firmware comes as ELF too. */
const VIDEOCORE = 137

/** Whether a file that begins so is a program or a library that no Raspberry Pi runs. */
const isForeign = (header: Buffer): boolean => {
  if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC)) return false
  const processor = header.readUInt16LE(18)
  return processor !== AARCH64 && processor !== VIDEOCORE
}

const headerOf = (file: string): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES)
  const opened = openSync(file, 'r')
  try {
    return header.subarray(0, readSync(opened, header, 0, HEADER_BYTES, 0))
  } finally {
    closeSync(opened)
  }
}

/** Programs and libraries in a tree that were left there by the machine that made it. */
export function* foreignCode(tree: string): Generator<string> {
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    if (isForeign(headerOf(file))) yield `not for this processor: ${file}`
  }
}

const CPIO = Buffer.from('070701')
const CPIO_HEADER_BYTES = 110
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

const aligned = (at: number): number => Math.ceil(at / 4) * 4

/** What comes after an archive: another one, packed or not, behind zeros. */
const unpacked = (bytes: Buffer, from: number): Buffer => {
  let at = from
  while (at < bytes.length && bytes[at] === 0) at += 1
  const rest = bytes.subarray(at)
  if (rest.subarray(0, ZSTD.length).equals(ZSTD)) return zstdDecompressSync(rest)
  return rest[0] === 0x1f && rest[1] === 0x8b ? gunzipSync(rest) : rest
}

type Entry = { readonly path: string; readonly content: Buffer }

/** What is in an initial RAM disk, whose first archive may be followed by a packed one. */
export function* entriesOfInitrd(file: string): Generator<Entry> {
  let bytes = unpacked(readFileSync(file), 0)
  let at = 0
  while (bytes.subarray(at, at + CPIO.length).equals(CPIO)) {
    const field = (number: number): number =>
      Number.parseInt(bytes.toString('latin1', at + 6 + number * 8, at + 14 + number * 8), 16)
    const [size, nameLength] = [field(6), field(11)]
    const nameAt = at + CPIO_HEADER_BYTES
    const path = bytes.toString('utf8', nameAt, nameAt + nameLength - 1)
    const from = aligned(nameAt + nameLength)
    at = aligned(from + size)
    if (path !== 'TRAILER!!!') yield { path, content: bytes.subarray(from, from + size) }
    else {
      bytes = unpacked(bytes, at)
      at = 0
    }
  }
}

/** What the kernel of a Raspberry Pi 3 and 4 cannot reach its card and its system without. */
const NEEDED = ['sdhci-iproc', 'mmc/host/bcm2835', 'ext4']

/** What is wrong with an initial RAM disk. */
export function* initrdFaults(file: string): Generator<string> {
  const paths: string[] = []
  for (const { path, content } of entriesOfInitrd(file)) {
    paths.push(path)
    if (isForeign(content.subarray(0, HEADER_BYTES)))
      yield `initial RAM disk: not for this processor: ${path}`
  }
  for (const name of NEEDED)
    if (!paths.some((path) => path.includes(`/${name}.ko`))) yield `initial RAM disk: no module ${name}`
}
