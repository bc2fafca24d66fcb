import { constants } from 'node:os'
import type { GpioKernel } from '../../drivers/gpio/gpiochip/kernel.ts'

const { EBADF, EBUSY, EINVAL, ENODEV, ENOENT, ENOTTY, EPERM } = constants.errno

/** Sizes are part of the number: (direction << 30) | (size << 16) | ('\xb4' << 8) | nr. */
const requestNumber = (direction: 2 | 3, size: number, nr: number): number =>
  ((direction << 30) | (size << 16) | (0xb4 << 8) | nr) >>> 0
const CHIP_INFO = requestNumber(2, 68, 1)
const LINE_INFO = requestNumber(3, 256, 5)
const GET_LINE = requestNumber(3, 592, 7)
const GET_VALUES = requestNumber(3, 16, 14)
const SET_VALUES = requestNumber(3, 16, 15)

const FLAG = { activeLow: 2n, input: 4n, output: 8n, edges: 0x30n, bias: 0x700n }
const ATTRIBUTE = { outputValues: 2, debounce: 3 }
const EVENT_BYTES = 48
/** Beyond that the oldest is lost, without a gap in the numbers. */
const EVENTS_KEPT = 16

type Line = {
  /** Of the device tree. */
  name: string
  consumer: string
  /** Its pin serves a bus, so that nobody can have it. */
  muxed: boolean
  direction: 'input' | 'output'
  activeLow: boolean
  /** Electrical, not logical. */
  high: boolean
  /** Shorted: stays as it is whatever is driven. */
  stuck: boolean
  /** What the holder asked for. */
  edges: boolean
  bias: bigint
  debounceUs: number
  /** Of each edge that nobody has read yet, whether it became active. */
  events: boolean[]
}
type FakeChip = { readonly name: string; readonly label: string; readonly lines: Line[] }
type Descriptor =
  | { readonly kind: 'chip'; readonly chip: FakeChip }
  | { readonly kind: 'line'; readonly line: Line }

const isZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0)

/** One line, padding zero, one direction, edges of an input alone. */
const isProper = (buffer: Buffer): boolean => {
  const attributes = buffer.readUInt32LE(296)
  const flags = buffer.readBigUInt64LE(288)
  const direction = flags & (FLAG.input | FLAG.output)
  const clean =
    isZero(buffer.subarray(300, 320)) &&
    isZero(buffer.subarray(320 + attributes * 24, 560)) &&
    isZero(buffer.subarray(568, 588))
  const ofOutput = direction === FLAG.output && (flags & FLAG.edges) === 0n
  return clean && attributes <= 1 && buffer.readUInt32LE(560) === 1 && (direction === FLAG.input || ofOutput)
}

/**
 * A model of Linux' GPIO character device (uAPI v2) as strict as the real one: it reads the same bytes,
 * refuses what the kernel refuses, and keeps lines as they were when they are let go.
 */
export class FakeGpioKernel implements GpioKernel {
  readonly #chips: FakeChip[] = []
  readonly #devices = new Map<string, FakeChip>()
  readonly #descriptors = new Map<number, Descriptor>()
  readonly #unplugged = new Map<string, FakeChip>()
  #pollers: (() => void)[] = []
  #nextFd = 100
  /** Every electrical change of every line, in order. */
  readonly changes: string[] = []
  /** An errno that the next SET_VALUES answers. */
  failNextSet: number | undefined

  addChip(name: string, label: string, lines: number): this {
    const idle = (): Line => ({
      name: '',
      consumer: '',
      muxed: false,
      direction: 'input',
      activeLow: false,
      high: false,
      stuck: false,
      edges: false,
      bias: 0n,
      debounceUs: 0,
      events: [],
    })
    const chip = { name, label, lines: Array.from({ length: lines }, idle) }
    this.#chips.push(chip)
    this.#devices.set(name, chip)
    return this
  }

  /** A symbolic link in /dev. */
  addAlias(alias: string, name: string): this {
    this.#devices.set(alias, this.#chip(name))
    return this
  }

  line(chip: string, offset: number): Line {
    const line = this.#chip(chip).lines[offset]
    if (line === undefined) throw new Error(`no line ${offset}`)
    return line
  }

  /** What is wired to an input puts it high or low. */
  put(chip: string, offset: number, high: boolean): void {
    const line = this.line(chip, offset)
    if (line.high === high) return
    line.high = high
    if (!line.edges) return
    line.events.push(high !== line.activeLow)
    if (line.events.length > EVENTS_KEPT) line.events.shift()
    this.#wakePollers()
  }

  /** A chip on USB is pulled out; those who hold its lines notice at their next call. */
  unplug(name: string): void {
    this.#unplugged.set(name, this.#chip(name))
    this.#devices.delete(name)
    this.#wakePollers()
  }

  /** It is back: nobody holds its lines. */
  plug(name: string): void {
    const chip = this.#unplugged.get(name)
    if (chip === undefined) throw new Error(`${name} is not unplugged`)
    this.#unplugged.delete(name)
    for (const line of chip.lines) Object.assign(line, { consumer: '', edges: false, events: [] })
    this.#devices.set(name, chip)
  }

  get openDescriptors(): number {
    return this.#descriptors.size
  }

  /** What SIGKILL does: descriptors go, levels stay. */
  killHolder(): void {
    for (const fd of [...this.#descriptors.keys()]) this.close(fd)
  }

  chipNames(): readonly string[] {
    return [...this.#devices.keys()]
  }

  open(path: string): number {
    const chip = this.#devices.get(path.replace('/dev/', ''))
    if (chip === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { errno: -ENOENT })
    return this.#give({ kind: 'chip', chip })
  }

  close(fd: number): void {
    const descriptor = this.#descriptors.get(fd)
    if (descriptor === undefined) throw new Error(`EBADF: close ${fd}`)
    if (descriptor.kind === 'line') Object.assign(descriptor.line, { consumer: '', edges: false, events: [] })
    this.#descriptors.delete(fd)
  }

  ioctl(fd: number, request: number, argument: Uint8Array): number {
    const descriptor = this.#descriptors.get(fd)
    if (descriptor === undefined) return -EBADF
    const buffer = Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength)
    if (buffer.length !== ((request >>> 16) & 0x3fff))
      throw new Error('the kernel would write past the buffer')
    return descriptor.kind === 'chip'
      ? this.#chipIoctl(descriptor.chip, request, buffer)
      : this.#lineIoctl(descriptor.line, request, buffer)
  }

  read(fd: number, into: Uint8Array): number {
    const descriptor = this.#descriptors.get(fd)
    if (descriptor?.kind !== 'line') return -EBADF
    const { line } = descriptor
    if (this.#isGone(line)) return -ENODEV
    if (line.events.length === 0) throw new Error('the kernel would block')
    const taken = line.events.splice(0, Math.floor(into.length / EVENT_BYTES))
    const buffer = Buffer.from(into.buffer, into.byteOffset, into.byteLength)
    for (const [index, active] of taken.entries())
      buffer.writeUInt32LE(active ? 1 : 2, EVENT_BYTES * index + 8)
    return EVENT_BYTES * taken.length
  }

  async poll(fds: readonly number[], timeoutMs: number): Promise<readonly number[]> {
    if (!fds.some((fd) => this.#isReady(fd)))
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs)
        this.#pollers.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    return fds.filter((fd) => this.#isReady(fd))
  }

  #isReady(fd: number): boolean {
    const descriptor = this.#descriptors.get(fd)
    if (descriptor?.kind !== 'line') return true
    return descriptor.line.events.length > 0 || this.#isGone(descriptor.line)
  }

  #isGone(line: Line): boolean {
    return [...this.#unplugged.values()].some(({ lines }) => lines.includes(line))
  }

  #wakePollers(): void {
    const pollers = this.#pollers
    this.#pollers = []
    for (const wake of pollers) wake()
  }

  #chipIoctl(chip: FakeChip, request: number, buffer: Buffer): number {
    if (request === CHIP_INFO) {
      buffer.fill(0)
      buffer.write(chip.name, 0)
      buffer.write(chip.label, 32)
      buffer.writeUInt32LE(chip.lines.length, 64)
      return 0
    }
    if (request === LINE_INFO) return this.#lineInfo(chip, buffer)
    if (request === GET_LINE) return this.#getLine(chip, buffer)
    return -ENOTTY
  }

  #lineInfo(chip: FakeChip, buffer: Buffer): number {
    const line = chip.lines[buffer.readUInt32LE(64)]
    if (line === undefined || !isZero(buffer.subarray(240))) return -EINVAL
    buffer.write(line.name, 0)
    buffer.write(line.consumer, 32)
    buffer.writeBigUInt64LE(line.consumer === '' && !line.muxed ? 0n : 1n, 72)
    return 0
  }

  #getLine(chip: FakeChip, buffer: Buffer): number {
    const flags = buffer.readBigUInt64LE(288)
    const direction = flags & (FLAG.input | FLAG.output)
    if (!isProper(buffer)) return -EINVAL
    const line = chip.lines[buffer.readUInt32LE(0)]
    if (line === undefined) return -EINVAL
    if (line.consumer !== '') return -EBUSY
    const edges = (flags & FLAG.edges) !== 0n
    const attribute = buffer.readUInt32LE(296) === 1 ? buffer.readUInt32LE(320) : undefined
    line.consumer = buffer.toString('latin1', 256, buffer.indexOf(0, 256))
    Object.assign(line, { activeLow: (flags & FLAG.activeLow) !== 0n, edges, events: [] })
    line.bias = flags & FLAG.bias
    line.debounceUs = attribute === ATTRIBUTE.debounce ? buffer.readUInt32LE(328) : 0
    if (direction === FLAG.output) {
      if (attribute !== ATTRIBUTE.outputValues || buffer.readBigUInt64LE(336) !== 1n)
        throw new Error('an output was requested without its value')
      // The level is there before the direction changes, as in gpiod_direction_output().
      this.#drive(line, buffer.readBigUInt64LE(328) === 1n)
      line.direction = 'output'
    } else {
      line.direction = 'input'
    }
    buffer.writeInt32LE(this.#give({ kind: 'line', line }), 588)
    return 0
  }

  #lineIoctl(line: Line, request: number, buffer: Buffer): number {
    if (this.#isGone(line)) return -ENODEV
    if (buffer.readBigUInt64LE(8) !== 1n) return -EINVAL
    if (request === GET_VALUES) {
      buffer.writeBigUInt64LE(line.high === line.activeLow ? 0n : 1n, 0)
      return 0
    }
    if (request !== SET_VALUES) return -ENOTTY
    if (line.direction === 'input') return -EPERM
    if (this.failNextSet !== undefined) {
      const errno = this.failNextSet
      this.failNextSet = undefined
      return -errno
    }
    this.#drive(line, buffer.readBigUInt64LE(0) === 1n)
    return 0
  }

  #drive(line: Line, active: boolean): void {
    const high = active !== line.activeLow
    if (line.stuck || line.high === high) return
    line.high = high
    this.changes.push(high ? 'high' : 'low')
  }

  #give(descriptor: Descriptor): number {
    const fd = this.#nextFd
    this.#nextFd += 1
    this.#descriptors.set(fd, descriptor)
    return fd
  }

  #chip(name: string): FakeChip {
    const chip = this.#chips.find((one) => one.name === name)
    if (chip === undefined) throw new Error(`no chip ${name}`)
    return chip
  }
}
