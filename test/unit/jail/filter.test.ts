import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Machine, seccompFilter } from '../../../drivers/jail/filter.ts'
import { CONDITIONAL, PLAIN } from '../../../drivers/jail/syscalls.ts'

const ALLOWED = 0x7fff0000
const EPERM = 0x00050001
const ENOSYS = 0x00050026
const KILLED = 0x80000000
const AUDIT: Readonly<Record<Machine, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 }

/** What the kernel would make of a call: classic BPF, as far as the filter uses it. */
const answerTo = (
  filter: Uint8Array,
  call: { audit: number; number: number; arguments?: readonly bigint[] },
): number => {
  const data = new DataView(new ArrayBuffer(64))
  data.setUint32(0, call.number, true)
  data.setUint32(4, call.audit, true)
  for (const [index, value] of (call.arguments ?? []).entries())
    data.setBigUint64(16 + 8 * index, value, true)
  const view = new DataView(filter.buffer)
  let held = 0
  for (let at = 0; at < filter.length / 8; at += 1) {
    const op = view.getUint16(at * 8, true)
    const value = view.getUint32(at * 8 + 4, true)
    const jump = (holds: boolean): number => view.getUint8(at * 8 + (holds ? 2 : 3))
    if (op === 0x06) return value
    if (op === 0x20) held = data.getUint32(value, true)
    else if (op === 0x15) at += jump(held === value)
    else if (op === 0x45) at += jump((held & value) !== 0)
    else throw new Error(`unknown instruction ${op}`)
  }
  throw new Error('the filter ends without an answer')
}

const MACHINES: readonly Machine[] = ['x64', 'arm64']
const columnOf = (machine: Machine): 0 | 1 => (machine === 'x64' ? 0 : 1)

describe.each(MACHINES)('T15 the calls a decoder may make on %s', (machine) => {
  const filter = seccompFilter(machine)
  const ask = (number: number, ...values: readonly bigint[]): number =>
    answerTo(filter, { audit: AUDIT[machine], number, arguments: values })
  const numberOf = (name: keyof typeof CONDITIONAL): number =>
    CONDITIONAL[name].numbers[columnOf(machine)] ?? -1

  it('are those of the list and no other', () => {
    const conditional = new Set<number | undefined>(
      Object.values(CONDITIONAL).map(({ numbers }) => numbers[columnOf(machine)]),
    )
    const plain = new Set<number | undefined>(
      Object.values(PLAIN).map((numbers) => numbers[columnOf(machine)]),
    )
    for (let number = 0; number < 600; number += 1) {
      if (conditional.has(number)) continue
      expect(ask(number), `call ${number}`).toBe(plain.has(number) ? ALLOWED : ENOSYS)
    }
  })

  it('open files for reading only', () => {
    expect(ask(numberOf('openat'), 0n, 0n, 0o2000000n)).toBe(ALLOWED)
    for (const flags of [0o1n, 0o2n, 0o100n, 0o1000n, 0o20000000n])
      expect(ask(numberOf('openat'), 0n, 0n, flags)).toBe(EPERM)
  })

  it('start threads but no processes, read limits but set none, and neither own nor steer what is outside', () => {
    expect(ask(numberOf('clone'), 0x3d0f00n)).toBe(ALLOWED)
    expect(ask(numberOf('clone'), 17n)).toBe(EPERM)
    expect(ask(numberOf('prlimit64'), 0n, 7n, 0n)).toBe(ALLOWED)
    expect(ask(numberOf('prlimit64'), 0n, 7n, 1n << 40n)).toBe(EPERM)
    expect(ask(numberOf('fcntl'), 0n, 4n)).toBe(ALLOWED)
    expect(ask(numberOf('fcntl'), 0n, 8n)).toBe(EPERM)
    expect(ask(numberOf('ioctl'), 0n, 0x5401n)).toBe(ALLOWED)
    expect(ask(numberOf('ioctl'), 0n, 0x5412n)).toBe(EPERM)
    expect(ask(numberOf('prctl'), 15n)).toBe(ALLOWED)
    expect(ask(numberOf('prctl'), 22n)).toBe(EPERM)
  })

  it('end the process when they are made by the rules of another machine', () => {
    const other = machine === 'x64' ? 0x40000003 : 0x40000028
    expect(answerTo(filter, { audit: other, number: 0 })).toBe(KILLED)
    // x32: the same machine to the kernel, other numbers.
    expect(ask(0x40000000)).toBe(ENOSYS)
  })
})

const headerNumbers = (file: string): ReadonlyMap<string, number> =>
  new Map(
    [...readFileSync(file, 'utf8').matchAll(/^#define __NR(?:3264)?_(\w+) (\d+)$/gm)].map(
      ([, name = '', number]) => [name, Number(number)],
    ),
  )

describe('the numbers of the calls', () => {
  const all = [
    ...Object.entries(PLAIN),
    ...Object.entries(CONDITIONAL).map(([name, { numbers }]) => [name, numbers] as const),
  ]

  it.skipIf(process.arch !== 'x64')('of x86_64 are those of the kernel', () => {
    const kernel = headerNumbers('/usr/include/x86_64-linux-gnu/asm/unistd_64.h')
    for (const [name, [x64]] of all) expect(x64, name).toBe(kernel.get(name))
  })

  it('of aarch64 are those of the kernel', () => {
    const kernel = headerNumbers('/usr/include/asm-generic/unistd.h')
    for (const [name, [, arm64]] of all)
      expect(arm64, name).toBe(kernel.get(name === 'newfstatat' ? 'fstatat' : name))
  })
})
