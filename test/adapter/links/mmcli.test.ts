import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createModems } from '../../../agent/adapters/modem/mmcli.ts'
import { lackingForModems, ModemBus } from '../../rig/modem-bus.ts'

const WELL = {
  model: 'EC25',
  state: 'connected',
  sim: 'ok',
  operator: 'Viettel [31m',
  roaming: false,
  technology: 'lte',
  quality: 62,
  dbm: -95,
  devices: ['wwan0'],
}

const still = new AbortController().signal
const lacking = lackingForModems()
if (lacking !== undefined) console.warn(`SKIP mmcli on a real bus: this machine lacks ${lacking}`)

describe.skipIf(lacking !== undefined)('mmcli on a real bus', () => {
  let bus: ModemBus
  beforeAll(async () => {
    bus = await ModemBus.open()
  })
  afterAll(() => bus[Symbol.asyncDispose]())
  const modems = (withinMs = 8000) => createModems({ environment: bus.environment, withinMs })

  test('a modem is read with operator, SIM, signal and network device', async () => {
    expect(await modems().read(still)).toEqual([WELL])
  })

  test.each(['missing', 'locked'] as const)('a SIM that is %s is told', async (sim) => {
    await bus.order(sim)
    expect(await modems().read(still)).toEqual([expect.objectContaining({ sim })])
    await bus.order('ok')
  })

  test('so is a foreign network', async () => {
    await bus.order('roaming')
    expect(await modems().read(still)).toEqual([expect.objectContaining({ roaming: true })])
    await bus.order('ok')
  })

  test('a modem is started anew when it is asked for', async () => {
    await modems().restart(still)
    expect(await modems().read(still)).toEqual([{ ...WELL, model: 'EC25 anew' }])
    await bus.order('ok')
  })

  test('that this account may not is told as ModemManager tells it', async () => {
    await bus.order('guarded')
    await expect(modems().restart(still)).rejects.toMatchObject({
      code: 'MODEM',
      message: expect.stringContaining('authorization failed'),
    })
    await bus.order('ok')
  })

  test('a modem that vanishes between two questions is not there, and no fault', async () => {
    await bus.order('vanish')
    expect(await modems().read(still)).toEqual([])
    expect(await modems().read(still)).toEqual([])
    await expect(modems().restart(still)).rejects.toMatchObject({ code: 'MODEM' })
  })

  test('a ModemManager that hangs is given up within its time', async () => {
    await bus.order('hang')
    await expect(modems(500).read(still)).rejects.toMatchObject({
      code: 'MODEM',
      message: 'ModemManager does not answer within 0.5 s',
    })
  })

  test('a bus without ModemManager is nobody who manages modems', async () => {
    await bus.killManager()
    expect(await modems().read(still)).toBeUndefined()
  })

  test('a bus that hangs is given up within its time', async () => {
    bus.stopBus()
    await expect(modems(500).read(still)).rejects.toMatchObject({ code: 'MODEM' })
  })
})

test.skipIf(lacking !== undefined)(
  'a machine without a bus is one on which nobody manages modems',
  async () => {
    const nowhere = join(mkdtempSync(join(tmpdir(), 'loa-bus-')), 'socket')
    const modems = createModems({ environment: { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${nowhere}` } })
    expect(await modems.read(still)).toBeUndefined()
  },
)

/** A program in the place of mmcli. */
const playing = (script: string) => {
  const program = join(mkdtempSync(join(tmpdir(), 'loa-mmcli-')), 'mmcli')
  writeFileSync(program, `#!/bin/sh\n${script}\n`)
  chmodSync(program, 0o755)
  return createModems({ program, environment: { PATH: '/usr/bin:/bin' }, withinMs: 2000 })
}

test('where mmcli is not installed nobody manages modems', async () => {
  const modems = createModems({ program: '/nonexistent/mmcli', environment: {} })
  expect(await modems.read(still)).toBeUndefined()
})

test.each([
  ['no JSON', 'echo no'],
  ['no end', 'yes'],
  ['an error of its own', 'echo "error: out of order" >&2; exit 1'],
  ['nothing, and never ends', 'exec sleep 60'],
])('a program that says %s is a fault with a code', async (_what, script) => {
  await expect(playing(script).read(still)).rejects.toMatchObject({ code: 'MODEM' })
})

test('a program that never ends is killed when the agent stops', async () => {
  const stop = new AbortController()
  const reading = playing('exec sleep 60').read(stop.signal)
  const begun = performance.now()
  stop.abort()
  await expect(reading).rejects.toMatchObject({ code: 'MODEM' })
  expect(performance.now() - begun).toBeLessThan(1500)
})

test.each(['null', '[]', '{}', '{"modem-list":"x"}', '{"modem-list":[1,"--help","/etc/passwd"]}'])(
  'a list of modems that is %s has none in it, and nothing of it is handed on',
  async (list) => {
    expect(await playing(`[ "$2" = -L ] || exit 9; echo '${list}'`).read(still)).toEqual([])
  },
)

test('a modem of which everything is missing or strange is told as far as it goes', async () => {
  const script = `
case "$2" in
  -L) echo '{"modem-list":["/org/freedesktop/ModemManager1/Modem/3"]}' ;;
  *) echo '{"modem":{"generic":{"state":"--","ports":["x (net)","$(reboot) (net)",7],"signal-quality":{"value":"loud"}},"3gpp":[]}}' ;;
esac`
  expect(await playing(script).read(still)).toEqual([
    { state: 'unknown', sim: 'ok', roaming: false, devices: ['x'] },
  ])
})
