import { parseArgs } from 'node:util'
import { BrokenNet, TROUBLES, type TroubleReport } from '../../test/rig/broken-net.ts'
import { loseName } from '../../test/rig/lost-name.ts'
import { stallTls } from '../../test/rig/stalled-tls.ts'

const LASTS_SECONDS = 20

const text = (seconds: number | undefined): string =>
  seconds === undefined ? 'held' : `${seconds.toFixed(1)} s`

const show = ({ trouble, backAfter, tries, documentsAfter, again, faults }: TroubleReport): void => {
  console.log(
    `${trouble.padEnd(24)} back ${text(backAfter).padStart(7)}   documents ${text(documentsAfter).padStart(7)}   ${tries} tries   ${again} deliveries twice`,
  )
  for (const fault of faults) console.log(`  FAULT ${fault}`)
}

const main = async (rounds: number): Promise<boolean> => {
  const reports: TroubleReport[] = []
  {
    await using net = await BrokenNet.open()
    for (let round = 0; round < rounds; round += 1)
      for (const [name, fault] of Object.entries(TROUBLES)) {
        const seconds = fault.kind === 'cut' ? 0 : LASTS_SECONDS
        const report = await net.suffer({ name, fault, seconds })
        reports.push(report)
        show(report)
      }
  }
  console.log(`TLS handshake stalled: ${await stallTls()}`)
  console.log(`name gone: ${await loseName()}`)
  const faults = reports.flatMap((report) => report.faults)
  console.log(`${reports.length} troubles, ${2 * reports.length} occurrences, ${faults.length} faults`)
  return faults.length === 0
}

const { values } = parseArgs({ options: { rounds: { type: 'string' } } })
process.exitCode = (await main(Number(values.rounds ?? 1))) ? 0 : 1
