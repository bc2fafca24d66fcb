import { createReadStream, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createSystemClock } from '../../../agent/adapters/system/clock.ts'
import { openUpdateDesk } from '../../../agent/adapters/update/desk.ts'
import { nextStep } from '../../../agent/core/update/next-step.ts'
import type { ReleasePlace } from '../../../agent/core/update/slots.ts'
import type { UpdateDesk } from '../../../agent/ports/update-desk.ts'
import { type Asked, askUpdater } from '../../../agent/services/update/requests.ts'
import { makePackage, Receiver, releaseOf, signed } from './bench.ts'

const clock = createSystemClock()
let ids = 0

const deskOf = ({ desk, places }: Receiver, place: ReleasePlace): UpdateDesk =>
  openUpdateDesk({
    folder: desk,
    slotsFolder: places.store,
    packageFolder: places.package,
    ownFolder: place === 'package' ? places.package : `${places.slots}/${place}`,
  })

/** What the agent asks, and what the updater makes of it. */
const ask = async (receiver: Receiver, desk: UpdateDesk, asked: Asked) => {
  const randomHex = () => `id-${ids++}`
  let answered = false
  const answer = askUpdater({ clock, desk, randomHex }, asked, 20_000, new AbortController().signal).finally(
    () => {
      answered = true
    },
  )
  while (!answered) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    receiver.serve()
  }
  return await answer
}

test('what the agent lays on its desk is what the updater takes, and what the updater says is what the agent reads', async () => {
  using receiver = new Receiver()
  receiver.choose()
  const file = makePackage({ version: '1.2.0' })
  const release = releaseOf('1.2.0', file)
  const wanted = { version: '1.2.0', sha256: release.files[0]?.sha256 ?? '' }
  const step = (desk: UpdateDesk) => {
    const slots = desk.slots()
    if (slots === undefined) throw new Error('the updater has said nothing')
    return nextStep(wanted, {
      slots,
      running: desk.running ?? 'package',
      tried: true,
      here: desk.isComplete(),
    }).do
  }
  const old = deskOf(receiver, 'package')
  expect(old.running).toBe('package')
  await old.begin(Buffer.from(signed(release)))
  await old.receive(createReadStream(file))
  expect(await old.complete(wanted.sha256)).toBe(true)

  expect(await ask(receiver, old, { op: 'stage' })).toMatchObject({ staged: wanted })
  expect(step(old)).toBe('try')
  expect(await ask(receiver, old, { op: 'try', before: { sound: true, broker: true } })).toMatchObject({
    trial: wanted,
  })
  expect(step(old)).toBe('restart')
  receiver.choose()
  const fresh = deskOf(receiver, receiver.state.trial?.slot ?? 'package')
  expect([receiver.runs, fresh.running, step(fresh)]).toEqual(['1.2.0', receiver.state.trial?.slot, 'trial'])
  expect(await ask(receiver, fresh, { op: 'commit' })).toMatchObject({ committed: { version: '1.2.0' } })
  expect(step(fresh)).toBe('done')
  expect(readFileSync(receiver.places.state, 'utf8')).toContain('"committed"')
})
