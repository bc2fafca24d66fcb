import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { scheduleDocument } from '../rig/observer.ts'

/** None of these may be in a bundle, in whatever part. */
const PLANTED = {
  password: 'mat-khau-MQTT-91',
  key: 'khoa-rieng-PEM-52',
  userinfo: 'ten-va-khau-37',
  token: 'token-trong-URL-64',
}

/** Unpacks with the tar of the system; the text of each part. */
const unpacked = (file: string, into: string): ReadonlyMap<string, string> => {
  mkdirSync(into)
  execFileSync('tar', ['-xzf', file, '-C', into])
  const [folder = ''] = readdirSync(into)
  return new Map(
    readdirSync(join(into, folder)).map((name) => [name, readFileSync(join(into, folder, name), 'utf8')]),
  )
}

const expectNoSecret = (parts: ReadonlyMap<string, string>): void => {
  for (const [name, text] of parts)
    for (const secret of Object.values(PLANTED))
      expect(text.includes(secret), `${secret} in ${name}`).toBe(false)
}

test('a bundle tells all but secrets, with and without the agent, and is replayed without a difference', async () => {
  await using bench = await Bench.open()
  const { agent, observer, contentUrl } = bench
  const inside = (name: string): string => join(agent.paths.folder, name)
  for (const name of ['password', 'key'] as const) {
    writeFileSync(inside(name), PLANTED[name])
    chmodSync(inside(name), 0o600)
  }
  agent.configure({
    config: {
      mqtt: {
        urls: [bench.broker.url],
        username: 'd-1',
        passwordFile: inside('password'),
        key: inside('key'),
        cert: inside('key'),
      },
      content: { allow: [`${contentUrl}/`] },
    },
  })
  await agent.start()
  const tone = bench.serve(toneMp3(1), 1)
  const at = inMs(4000)
  const hidden = contentUrl.replace('://', `://${PLANTED.userinfo}:x@`)
  await observer.document(
    '75',
    'schedule',
    scheduleDocument(2, [
      itemAt('sai', at, { parts: [{ stream: { format: 'mp3', seconds: 5, urls: [hidden] } }] }),
    ]),
  )
  await observer.schedule(3, [
    itemAt('gan', at, { parts: [tone] }),
    itemAt('xa', at + 3_600_000, {
      parts: [
        {
          audio: {
            ...tone.audio,
            sha256: 'f'.repeat(64),
            urls: [`${contentUrl}/c/x?token=${PLANTED.token}`],
          },
        },
        { stream: { format: 'mp3', seconds: 5, urls: [`${contentUrl}/live?token=${PLANTED.token}`] } },
      ],
    }),
  ])
  await observer.record('gan')
  await agent.relayed(false)

  const file = inside('a.tar.gz')
  const made = await agent.loa('bundle', '--out', file, '--json')
  expect(made).toMatchObject({ code: 0, stderr: '' })
  const told = JSON.parse(made.stdout)
  expect(told).toMatchObject({ file, cut: [], missing: [], running: true })
  const parts = unpacked(file, inside('a'))
  expect([...parts.keys()].toSorted()).toEqual(told.parts.toSorted())
  expectNoSecret(parts)
  expect(parts.get('records.jsonl')).toContain('"item":"gan"')
  expect(parts.get('schedule.json')).toContain('"xa"')
  expect(parts.get('refusals.json')).toContain('[redacted]@127.0.0.1')
  expect(parts.get('log.jsonl')).toContain('"level":20')
  expect(parts.get('configuration.json')).toContain(inside('password'))
  for (const name of told.parts.filter((each: string) => each.endsWith('.json')))
    expect(() => JSON.parse(parts.get(name) ?? ''), name).not.toThrow()

  const again = await agent.loa('bundle', '--out', file)
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is there already')])

  const replay = JSON.parse((await agent.loa('replay', file, '--json')).stdout)
  expect(replay).toMatchObject({ same: true })
  expect(replay.steps).toBeGreaterThan(5)
  await agent.crash()
  const dead = await agent.loa('bundle', '--out', inside('b.tar.gz'), '--json')
  expect(dead.code).toBe(3)
  expect(JSON.parse(dead.stdout)).toMatchObject({
    running: false,
    parts: expect.arrayContaining(['doctor.json']),
  })
  const left = unpacked(inside('b.tar.gz'), inside('b'))
  expectNoSecret(left)
  expect(left.get('records.jsonl')).toContain('"item":"gan"')
  const after = JSON.parse((await agent.loa('replay', inside('b.tar.gz'), '--json')).stdout)
  expect(after).toMatchObject({ same: true })
  expect(after.steps).toBeGreaterThanOrEqual(replay.steps)
})
