import { expect, it } from 'vitest'
import { epochMs } from '../../../agent/core/time.ts'
import { type DueStream, StreamWatch } from '../../../agent/services/streams/stream-watch.ts'
import { FakeStations } from '../../fakes/fake-stations.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

const A = 'http://a.example/live'
const HOUR_MS = 3_600_000

it('asks the first allowed URL of streams due within the hour, every five minutes, and hangs up', async () => {
  const clock = new ManualClock()
  const stations = new FakeStations()
  let changes = 0
  const at = epochMs(clock.wall() + 2 * HOUR_MS)
  const due: readonly DueStream[] = [
    { format: 'mp3', urls: ['http://forbidden.example/', A, 'http://b.example/'], at },
  ]
  const watch = new StreamWatch({
    ...{ clock, fetcher: stations, logger: silentLogger, due: () => due },
    onChange: () => {
      changes += 1
    },
  })
  const { signal } = new AbortController()
  await watch.look(signal)
  expect([stations.asked, watch.answers(A)]).toEqual([[], undefined])
  await clock.advance(HOUR_MS)
  await watch.look(signal)
  expect([stations.asked, watch.answers(A), changes]).toEqual([[A], false, 1])
  stations.alive.add(A)
  await clock.advance(4 * 60_000)
  await watch.look(signal)
  expect(stations.asked).toEqual([A])
  await clock.advance(60_000)
  await watch.look(signal)
  expect([stations.asked, watch.answers(A), changes]).toEqual([[A, A], true, 2])
  expect(stations.last.released).toBe(true)
})
