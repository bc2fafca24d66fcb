import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Bench } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'

test('with both databases turned to noise the agent is back by itself and says what it lost', async () => {
  await using bench = await Bench.running()
  const { agent, observer } = bench
  const [born] = await eventually('it told of its birth', () =>
    observer.records.length > 0 ? observer.records : undefined,
  )
  await agent.stop()
  for (const name of ['state.db', 'media.db']) {
    for (const companion of ['-wal', '-shm'])
      rmSync(join(agent.paths.state, name + companion), { force: true })
    writeFileSync(join(agent.paths.state, name), 'noise '.repeat(5000))
  }
  await agent.start()
  const told = await eventually('it told of both', () => {
    const fresh = observer.records.filter(({ epoch }) => epoch !== born?.epoch)
    return fresh.length >= 2 ? fresh : undefined
  })
  expect(told.slice(0, 2)).toMatchObject([
    { n: 1, code: 'DATABASE', severity: 'alarm', data: { previousEpoch: born?.epoch } },
    { n: 2, code: 'DATABASE', severity: 'warning', data: { source: 'media.db' } },
  ])
  expect(readdirSync(agent.paths.state).some((name) => name.startsWith('state.db.damaged-'))).toBe(true)
}, 90_000)
