import { expect, test } from 'vitest'
import { darkRaster, type Raster } from '../../agent/core/sign/raster.ts'
import type { SignView } from '../../agent/core/status.ts'
import { followSignPictures, signPictures } from '../../agent/services/sign-pictures-report.ts'
import { ManualClock } from '../fakes/manual-clock.ts'

const SIZE = { columns: 8, rows: 4 }

const signs = (shown: Record<string, Raster | undefined>) => ({
  pictures: () =>
    Object.entries(shown).map(([id, raster]) => ({
      id,
      takes: 'raster' as const,
      ok: true,
      proof: 'sent' as const,
      text: `page of ${id}`,
      ...(raster === undefined ? {} : { raster }),
    })),
})

test('a picture is no larger than it was asked for, and a sign that was given nothing has none', () => {
  const wide = darkRaster({ width: 320, height: 16 })
  const [view, ...others] = signPictures(signs({ gate: wide, new: undefined }), SIZE)
  expect(others).toEqual([])
  expect(view).toMatchObject({ id: 'gate', width: 320, height: 16, text: 'page of gate', drawsItself: false })
  expect([view?.picture.width, view?.picture.height]).toEqual([8, 1])
  expect(Buffer.from(view?.picture.rgb ?? '', 'base64')).toHaveLength(8 * 3)
})

test('who follows is told all signs, then only those that were given something else', async () => {
  const clock = new ManualClock()
  const stop = new AbortController()
  const shown: Record<string, Raster> = {
    gate: darkRaster({ width: 8, height: 4 }),
    hall: darkRaster({ width: 8, height: 4 }),
  }
  const told: (readonly string[])[] = []
  const following = (async () => {
    for await (const views of followSignPictures(signs(shown), SIZE, clock, stop.signal))
      told.push(views.map(({ id }: SignView) => id))
  })().catch(() => undefined)
  await clock.advance(2000)
  shown['hall'] = darkRaster({ width: 8, height: 4 })
  await clock.advance(2000)
  stop.abort()
  await following
  expect(told).toEqual([['gate', 'hall'], ['hall']])
})
