import { closeSync, openSync, readSync, statSync, truncateSync, writeSync } from 'node:fs'

const SECTOR_BYTES = 512
const MIB = 1024 * 1024
const BLOCK_BYTES = MIB
const TABLE_AT = 446
const ENTRY_BYTES = 16
const LINUX = 0x83
const MOST = 4

type Partition = { readonly from: number; readonly bytes: number }

/** Where partitions of these sizes lie on a card, each at a whole MiB, the first after the table. */
export const layOut = (sizes: readonly number[]): readonly Partition[] => {
  let from = MIB
  return sizes.map((bytes) => {
    const partition = { from, bytes }
    from += Math.ceil(bytes / MIB) * MIB
    return partition
  })
}

/** The first sector of a disk with these partitions, at most four. @see the MBR of the IBM PC: type, first sector, sectors */
export const partitionTable = (partitions: readonly Partition[]): Buffer => {
  if (partitions.length > MOST) throw new Error(`${partitions.length} partitions`)
  const sector = Buffer.alloc(SECTOR_BYTES)
  for (const [index, { from, bytes }] of partitions.entries()) {
    const at = TABLE_AT + index * ENTRY_BYTES
    sector.writeUInt8(LINUX, at + 4)
    sector.writeUInt32LE(from / SECTOR_BYTES, at + 8)
    sector.writeUInt32LE(Math.ceil(bytes / SECTOR_BYTES), at + 12)
  }
  sector.writeUInt16LE(0xaa55, SECTOR_BYTES - 2)
  return sector
}

/** What is empty in the image stays a hole. */
export const copyInto = (card: number, image: string, from: number): void => {
  const source = openSync(image, 'r')
  const block = Buffer.alloc(BLOCK_BYTES)
  const hole = Buffer.alloc(BLOCK_BYTES)
  try {
    for (let at = 0; ; at += BLOCK_BYTES) {
      const length = readSync(source, block, 0, BLOCK_BYTES, at)
      if (length === 0) return
      const bytes = block.subarray(0, length)
      if (!bytes.equals(hole.subarray(0, length))) writeSync(card, bytes, 0, length, from + at)
    }
  } finally {
    closeSync(source)
  }
}

/** Makes the image of an SD card out of the images of its partitions. */
export const makeCard = (card: string, images: readonly string[]): void => {
  const partitions = layOut(images.map((image) => statSync(image).size))
  const end = Math.max(...partitions.map(({ from, bytes }) => from + bytes))
  const file = openSync(card, 'w')
  try {
    writeSync(file, partitionTable(partitions))
    for (const [index, image] of images.entries()) copyInto(file, image, partitions[index]?.from ?? 0)
  } finally {
    closeSync(file)
  }
  // qemu takes no other card.
  truncateSync(card, 2 ** Math.ceil(Math.log2(end)))
}
