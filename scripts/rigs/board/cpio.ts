/** One entry of an archive; a folder has no content. `path` has no slash at its beginning. */
export type CpioEntry = { readonly path: string; readonly mode: number; readonly content?: Uint8Array }

const DIRECTORY = 0o040_000
const REGULAR = 0o100_000
const TRAILER = 'TRAILER!!!'

const padded = (bytes: Uint8Array): Buffer => {
  const rest = (4 - (bytes.length % 4)) % 4
  return Buffer.concat([bytes, Buffer.alloc(rest)])
}

const entry = (number: number, path: string, mode: number, content: Uint8Array): Buffer => {
  const name = Buffer.from(`${path}\0`)
  // ino, mode, uid, gid, nlink, mtime, size, device twice, and what it stands for twice, length of the name, check
  const fields = [number, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0]
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(content)])
}

/**
 * An archive as the kernel unpacks it at its start; a folder must stand before what is in it.
 * @see the kernel's documentation, driver-api/early-userspace/buffer-format
 */
export const cpioArchive = (entries: readonly CpioEntry[]): Buffer =>
  Buffer.concat([
    ...entries.map(({ path, mode, content }, i) =>
      entry(i + 1, path, mode + (content === undefined ? DIRECTORY : REGULAR), content ?? Buffer.alloc(0)),
    ),
    entry(0, TRAILER, 0, Buffer.alloc(0)),
  ])
