import { existsSync, readFileSync } from 'node:fs'
import { forceOpen } from './force-open.ts'
import { decodeRelayList } from './relay-list.ts'

/**
 * Last resort when agent and playout are both gone (ExecStopPost): forces every relay of the list open.
 * Whoever runs it may be short of memory, disk and time, so it needs nothing but Node and the GPIO binding.
 */
const main = async (file: string | undefined): Promise<number> => {
  if (file === undefined) {
    console.error('usage: open-relays FILE')
    return 2
  }
  if (!existsSync(file)) {
    console.error(`open-relays: no ${file}: the agent did not come as far as driving a relay`)
    return 0
  }
  const forced = await forceOpen(decodeRelayList(readFileSync(file, 'utf8')))
  for (const { id, fault } of forced) console.error(`open-relays: ${id}: ${fault ?? 'open'}`)
  return forced.some(({ fault }) => fault !== undefined) ? 1 : 0
}

process.exitCode = await main(process.argv[2])
