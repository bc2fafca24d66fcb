import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runCommand } from '../../../agent/cli/run.ts'
import { fakeIo } from '../../fakes/cli-io.ts'

/** The power fails at the n-th change of the disk, counted from 0; nothing is done after it. */
const power = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }))
vi.mock(import('../../../agent/adapters/identity/files.ts'), async (original) => {
  const real = await original()
  const mayFail = <A extends readonly unknown[], R>(
    change: (...args: A) => R,
    half?: (...args: A) => void,
  ) => {
    return (...args: A): R => {
      if (power.left < 0) throw new Error('no power')
      power.left -= 1
      if (power.left >= 0) return change(...args)
      half?.(...args)
      throw new Error('no power')
    }
  }
  const half = (file: string, content: string | Uint8Array): void =>
    writeFileSync(`${file}.new`, content.slice(0, 5))
  return {
    ...real,
    writeWhole: mayFail(real.writeWhole, half),
    replaceKeeping: mayFail(real.replaceKeeping),
    // A file half overwritten.
    wipe: mayFail(real.wipe, (file) => writeFileSync(file, `\0\0\0\0${readFileSync(file, 'utf8').slice(4)}`)),
    rename: mayFail(real.rename),
    remove: mayFail(real.remove),
    giveFolder: mayFail(real.giveFolder),
  }
})

const CODE = 'K7M2Q-9XWPC-4T3RJ-HV8ND'
const PASSWORD = 'mat khau rat dai'
const boot = `
# password: ${PASSWORD}
id: d-7k2m4q9x
place: { province: "75", commune: "26068" }
board: virtual
brokers: ["mqtts://localhost:8883"]
ca: ca.pem
username: loa
password: ${PASSWORD}
code: ${CODE}
signatures: "off"
`

let root = ''
beforeEach(() => {
  power.left = Number.POSITIVE_INFINITY
  root = mkdtempSync(join(tmpdir(), 'loa-setup-'))
  for (const name of ['boot', 'etc']) mkdirSync(join(root, name))
  writeFileSync(join(root, 'boot/loa.yaml'), boot)
  writeFileSync(join(root, 'boot/ca.pem'), readFileSync('test/fixtures/setup/ca.pem'))
})
afterEach(() => rmSync(root, { recursive: true }))

const setUp = async (...more: readonly string[]) => {
  const edge = fakeIo({ root })
  const config = join(root, 'etc/loa/agent.yaml')
  const code = await runCommand(
    ['setup', '--from', join(root, 'boot/loa.yaml'), '--config', config, ...more],
    edge.io,
  )
  return { code, out: edge.out(), err: edge.err() }
}

const filesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [
        join(parentPath, name).slice(folder.length + 1),
        readFileSync(join(parentPath, name), 'utf8'),
      ]),
  )

const namesNow = () => ({
  boot: Object.keys(filesIn(join(root, 'boot'))).toSorted(),
  etc: Object.keys(filesIn(join(root, 'etc/loa'))).toSorted(),
})

const SET_UP = {
  boot: ['ca.pem', 'd-7k2m4q9x.csr', 'loa.done.yaml'],
  etc: [
    'agent.yaml',
    'enrolment.json',
    'tls/ca.pem',
    'tls/device.csr',
    'tls/device.key',
    'tls/mqtt-password',
  ],
}

/** Changes of the disk that a whole run takes. */
const changesOf = async (): Promise<number> => {
  power.left = 1_000
  await setUp()
  return 1_000 - power.left
}

describe('loa.yaml of the boot partition', () => {
  test('sets the receiver up, and no secret is left in any byte of the partition', async () => {
    const { code, out, err } = await setUp()
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('d-7k2m4q9x')
    expect(namesNow()).toEqual(SET_UP)
    const left = JSON.stringify(filesIn(join(root, 'boot')))
    for (const secret of [CODE, PASSWORD, 'PRIVATE']) expect(left).not.toContain(secret)
    expect(filesIn(join(root, 'etc/loa'))['agent.yaml']).not.toContain(PASSWORD)
  })

  test('is obeyed once: a second power-on changes nothing', async () => {
    await setUp()
    const before = filesIn(root)
    expect((await setUp()).code).toBe(0)
    expect(filesIn(root)).toEqual(before)
  })

  test('leads to the same receiver when the power fails at any change of the disk', async () => {
    const changes = await changesOf()
    expect(changes).toBeGreaterThan(10)
    for (let cut = 0; cut < changes; cut += 1) {
      rmSync(join(root, 'etc'), { recursive: true })
      rmSync(join(root, 'boot'), { recursive: true })
      for (const name of ['boot', 'etc']) mkdirSync(join(root, name))
      writeFileSync(join(root, 'boot/loa.yaml'), boot)
      writeFileSync(join(root, 'boot/ca.pem'), readFileSync('test/fixtures/setup/ca.pem'))
      power.left = cut
      await setUp()
      const key = existsSync(join(root, 'etc/loa/setup.json'))
        ? readFileSync(join(root, 'etc/loa/tls/device.key'), 'utf8')
        : undefined
      power.left = Number.POSITIVE_INFINITY
      const { code, err } = await setUp()
      expect({ cut, code, err }).toEqual({ cut, code: 0, err: '' })
      const { boot: left, etc } = namesNow()
      const moved = /\.\d{8}T\d{6}Z$|\.new$/
      expect({
        cut,
        boot: left.filter((name) => !moved.test(name)),
        etc: etc.filter((name) => !moved.test(name)),
      }).toEqual({ cut, ...SET_UP })
      if (key !== undefined) expect(readFileSync(join(root, 'etc/loa/tls/device.key'), 'utf8')).toBe(key)
      expect(JSON.stringify(filesIn(join(root, 'boot')))).not.toContain(CODE)
    }
  })

  test('that is not valid leaves why, in both languages and with its line, and changes nothing', async () => {
    writeFileSync(
      join(root, 'boot/loa.yaml'),
      boot.replace('"26068"', '26068').replace('virtual', 'virtual\nwifi: x'),
    )
    const { code, err } = await setUp()
    expect(code).toBe(2)
    expect(err).toContain('place.commune')
    expect(existsSync(join(root, 'etc/loa'))).toBe(false)
    expect(readdirSync(join(root, 'boot')).toSorted()).toEqual(['ca.pem', 'loa-error.txt', 'loa.yaml'])
    const why = readFileSync(join(root, 'boot/loa-error.txt'), 'utf8')
    for (const part of [
      'Chưa cấu hình được',
      'was not set up',
      'place.commune',
      'wifi',
      '4:',
      'write it in quotes',
    ])
      expect(why).toContain(part)
    expect(why).not.toContain(CODE)
    writeFileSync(join(root, 'boot/loa.yaml'), boot)
    expect((await setUp()).code).toBe(0)
    expect(namesNow()).toEqual(SET_UP)
  })

  test.each([
    ['no YAML', 'a: [', 'line 1'],
    ['nothing', '', 'expected an object'],
    ['more than a file of answers has', 'x'.repeat(300_000), 'bytes'],
    ['a path out of the partition', boot.replace('ca.pem', '../etc/passwd'), 'beside'],
    ['a code without an id', boot.replace(/id: .*/, ''), 'a code is good for one id only'],
    ['a board that is none', boot.replace('virtual', 'nobody'), 'nobody'],
    ['a machine that no board fits', boot.replace('virtual', 'auto'), 'loa board list'],
  ])('with %s is refused in words', async (_, text, said) => {
    writeFileSync(join(root, 'boot/loa.yaml'), text)
    const { code, err } = await setUp()
    expect(code).toBeGreaterThan(0)
    expect(err).toContain(said)
    expect(err).not.toMatch(/fault in the command|\n {4}at /)
    expect(readFileSync(join(root, 'boot/loa-error.txt'), 'utf8')).toContain(said)
    expect(existsSync(join(root, 'etc/loa'))).toBe(false)
  })

  test('never overwrites a configuration; with --force the old one stays beside it', async () => {
    mkdirSync(join(root, 'etc/loa'))
    writeFileSync(join(root, 'etc/loa/agent.yaml'), '# mine\n')
    const refused = await setUp()
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.err).toContain('--force')
    const why = readFileSync(join(root, 'boot/loa-error.txt'), 'utf8')
    for (const part of ['giữ nguyên', 'stays as it is']) expect(why).toContain(part)
    expect(readFileSync(join(root, 'etc/loa/agent.yaml'), 'utf8')).toBe('# mine\n')
    expect((await setUp('--force')).code).toBe(0)
    const files = filesIn(join(root, 'etc/loa'))
    expect(files['agent.yaml.20261122T220000Z']).toBe('# mine\n')
    expect(files['agent.yaml']).toContain('d-7k2m4q9x')
  })

  test('--dry-run writes nothing, and --json is one value', async () => {
    const before = filesIn(root)
    const { code, out } = await setUp('--dry-run', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ written: false, device: 'd-7k2m4q9x', certificate: 'code' })
    expect(filesIn(root)).toEqual(before)
  })
})
