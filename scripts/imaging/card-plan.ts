import { createHash } from 'node:crypto'

const MIB = 1024 * 1024
/** Two kernels with what they start from, the old one while a new one is put in. */
const BOOT_MIB = 512
/** Beside what is there, for packages that grow and for the kernel after the next. */
const SYSTEM_SPARE = 1.15
const SYSTEM_SPARE_MIB = 384
/** Until the first boot lets it grow: enough to start on, and for the package lists of an upgrade. */
const DATA_SPARE_MIB = 256
const STEP_MIB = 64

export const CARD_KINDS = ['boot', 'system', 'data'] as const
type CardKind = (typeof CARD_KINDS)[number]

/** In bytes. */
export type CardPlan = Readonly<Record<CardKind, { readonly from: number; readonly bytes: number }>> & {
  readonly total: number
}

const stepped = (mib: number): number => Math.ceil(mib / STEP_MIB) * STEP_MIB * MIB

/** Where the three partitions lie, each at a whole MiB. `used`: bytes of what is put on them. */
export const planCard = (used: { readonly system: number; readonly data: number }): CardPlan => {
  const boot = { from: 4 * MIB, bytes: BOOT_MIB * MIB }
  const system = {
    from: boot.from + boot.bytes,
    bytes: stepped((used.system / MIB) * SYSTEM_SPARE + SYSTEM_SPARE_MIB),
  }
  const data = {
    from: system.from + system.bytes,
    bytes: stepped((used.data / MIB) * SYSTEM_SPARE + DATA_SPARE_MIB),
  }
  return { boot, system, data, total: data.from + data.bytes }
}

export type CardNames = {
  /** Eight hexadecimal digits in the partition table, by which the partitions are found. */
  readonly signature: string
  /** Of the FAT. */
  readonly volume: string
  readonly systemUuid: string
  readonly dataUuid: string
}

/** The names of an image; the same `seed`, the same names, so that the same input makes the same image. */
export const namesOf = (seed: string): CardNames => {
  const hex = createHash('sha256').update(seed).digest('hex')
  const uuid = (at: number): string => {
    const part = hex.slice(at, at + 24)
    return `${part.slice(0, 8)}-${part.slice(8, 12)}-4${part.slice(13, 16)}-8${part.slice(17, 20)}-${hex.slice(at + 8, at + 20)}`
  }
  return {
    signature: hex.slice(0, 8),
    volume: hex.slice(8, 16),
    systemUuid: uuid(16),
    dataUuid: uuid(36),
  }
}

const SECTOR = 512
const FAT32_LBA = 0x0c
const LINUX = 0x83

/** The first sector of the card. The loader in a Raspberry Pi 3 reads no other kind of table. */
export const cardTable = (plan: CardPlan, signature: string): Buffer => {
  const sector = Buffer.alloc(SECTOR)
  sector.writeUInt32LE(Number.parseInt(signature, 16), 440)
  for (const [index, kind] of CARD_KINDS.entries()) {
    const { from, bytes } = plan[kind]
    const at = 446 + index * 16
    sector.writeUInt8(kind === 'boot' ? FAT32_LBA : LINUX, at + 4)
    sector.writeUInt32LE(from / SECTOR, at + 8)
    sector.writeUInt32LE(bytes / SECTOR, at + 12)
  }
  sector.writeUInt16LE(0xaa55, SECTOR - 2)
  return sector
}

/** Where the boot partition of a card lies. @throws when its table begins with no FAT */
export const bootPartitionOf = (table: Uint8Array): { readonly from: number; readonly bytes: number } => {
  const sector = Buffer.from(table)
  const isTable = sector.length >= SECTOR && sector.readUInt16LE(SECTOR - 2) === 0xaa55
  const type = isTable ? sector.readUInt8(446 + 4) : 0
  if (type !== FAT32_LBA && type !== 0x0b && type !== 0x0e) throw new Error('no boot partition with a FAT')
  return { from: sector.readUInt32LE(446 + 8) * SECTOR, bytes: sector.readUInt32LE(446 + 12) * SECTOR }
}
