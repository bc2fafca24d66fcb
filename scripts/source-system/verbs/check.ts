import { existsSync } from 'node:fs'
import { LoaError } from '../../../agent/core/error.ts'
import { type ChainReport, checkLedger } from '../check.ts'
import { openRecordLedger } from '../record-ledger.ts'
import type { Verb } from '../verb.ts'

const lines = ({ device, epoch, records, last, gaps, findings }: ChainReport): readonly string[] => [
  `${findings.length === 0 ? 'ok  ' : 'FAIL'} ${device} epoch ${epoch.slice(0, 8)}: ${records} records to ${last}`,
  ...gaps.map(({ from, to }) => `     dropped by the device itself: ${from} to ${to}`),
  ...findings.map(({ fault, message }) => `     ${fault} ${message}`),
]

export const check: Verb = {
  name: 'check',
  summary: 'check the hash chains of received records',
  help: `  province check --db F

Recomputes every hash and link of every device and epoch, looks for holes,
doubles and refused records, and prints where a chain breaks. Exit code 1 if any
does.`,
  options: { db: { type: 'string' } },
  run: async (args, io) => {
    const file = args.required('db')
    if (!existsSync(file)) {
      throw new LoaError('IO', `${file} does not exist; \`province records --db ${file}\` makes it`)
    }
    using ledger = openRecordLedger(file)
    const chains = checkLedger(ledger)
    const ok = chains.every(({ findings }) => findings.length === 0)
    if (io.json) io.out(JSON.stringify({ ok, chains }))
    else for (const line of chains.flatMap(lines)) io.out(line)
    if (chains.length === 0) io.note('no records yet: is `province records` running, and a device online?')
    return ok ? 0 : 1
  },
}
