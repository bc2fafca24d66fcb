import { CONDITIONAL, type Condition, PLAIN } from './syscalls.ts'

/** As `process.arch` names them. */
export type Machine = 'x64' | 'arm64'

/** Where `PLAIN` and `CONDITIONAL` have the numbers of a machine, and AUDIT_ARCH_* of linux/audit.h. */
const MACHINES = {
  x64: { column: 0, audit: 0xc000003e },
  arm64: { column: 1, audit: 0xc00000b7 },
} as const satisfies Readonly<Record<Machine, object>>

/** Instructions of classic BPF. @see linux/bpf_common.h */
const OP = { load: 0x20, jumpEqual: 0x15, jumpSet: 0x45, answer: 0x06 } as const
const ANSWER = { allow: 0x7fff0000, kill: 0x80000000, fail: 0x00050000 } as const
const ERRNO = { EPERM: 1, ENOSYS: 38 } as const
/** Offsets in struct seccomp_data. */
const AT = { number: 0, machine: 4, argument: (index: number): number => 16 + 8 * index } as const

type Instruction = readonly [op: number, jumpTrue: number, jumpFalse: number, value: number]

const load = (offset: number): Instruction => [OP.load, 0, 0, offset]
const answer = (value: number): Instruction => [OP.answer, 0, 0, value]
const ALLOW = answer(ANSWER.allow)
const REFUSE = answer(ANSWER.fail | ERRNO.EPERM)

/** Ends in an answer on every way through it. */
const judge = (condition: Condition): readonly Instruction[] => {
  const low = load(AT.argument(condition.argument))
  switch (condition.is) {
    case 'one-of':
      return [
        low,
        ...condition.values.flatMap((value): Instruction[] => [[OP.jumpEqual, 0, 1, value], ALLOW]),
        REFUSE,
      ]
    case 'all-set':
      return [low, [OP.jumpSet, 0, 1, condition.bits], ALLOW, REFUSE]
    case 'none-set':
      return [low, [OP.jumpSet, 1, 0, condition.bits], ALLOW, REFUSE]
    case 'null': {
      const high = load(AT.argument(condition.argument) + 4)
      return [low, [OP.jumpEqual, 0, 3, 0], high, [OP.jumpEqual, 0, 1, 0], ALLOW, REFUSE]
    }
  }
}

const whenCalled = (number: number | undefined, then: readonly Instruction[]): readonly Instruction[] =>
  number === undefined ? [] : [[OP.jumpEqual, 0, then.length, number], ...then]

const bytesOf = (instructions: readonly Instruction[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(instructions.length * 8))
  instructions.forEach(([op, jumpTrue, jumpFalse, value], index) => {
    view.setUint16(index * 8, op, true)
    view.setUint8(index * 8 + 2, jumpTrue)
    view.setUint8(index * 8 + 3, jumpFalse)
    view.setUint32(index * 8 + 4, value, true)
  })
  return new Uint8Array(view.buffer)
}

/**
 * A seccomp program that allows what `PLAIN` and `CONDITIONAL` list and answers everything else as a kernel that has
 * no such call: libraries then do without. A call made by the rules of another machine ends the process.
 * @see seccomp(2); both machines are little-endian
 */
export const seccompFilter = (machine: Machine): Uint8Array => {
  const { column, audit } = MACHINES[machine]
  return bytesOf([
    load(AT.machine),
    [OP.jumpEqual, 1, 0, audit],
    answer(ANSWER.kill),
    load(AT.number),
    ...Object.values(PLAIN).flatMap((numbers) => whenCalled(numbers[column], [ALLOW])),
    ...Object.values(CONDITIONAL).flatMap((call) => whenCalled(call.numbers[column], judge(call))),
    answer(ANSWER.fail | ERRNO.ENOSYS),
  ])
}
