import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { Frame } from '../../../agent/ports/signboard.ts'
import { openFramebufferSignboard } from '../../../drivers/signboard/framebuffer/framebuffer-signboard.ts'
import type { SerialTrial } from '../../../drivers/signboard/line/serial-signboard.ts'
import { noPty } from '../../fakes/pty.ts'
import { createNovastarCard } from '../../fakes/signs/novastar-card.ts'
import { SignPanel } from '../../fakes/signs/sign-panel.ts'
import { until } from '../../fakes/until.ts'

type Config = Extract<SignConfig, { readonly driver: 'framebuffer' }>

const QUICK: SerialTrial['timing'] = {
  reassertMs: 60_000,
  pingMs: 80,
  replyMs: 60,
  retryMs: { least: 20, most: 100 },
  farewellMs: 300,
}
const frameOf = (value: number): Frame => ({ width: 2, height: 2, rgb: new Uint8Array(12).fill(value) })

describe('a wall behind a screen', () => {
  let folder = ''
  let config: Config
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loa-screen-'))
    config = { id: 'wall', driver: 'framebuffer', path: join(folder, 'fb7'), width: 2, height: 2, x: 1, y: 1 }
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  /** What the kernel tells of a screen of 4 x 3 pixels whose rows are longer than that. */
  const kernelTells = async (bits: number, strideBytes: number): Promise<string> => {
    await mkdir(join(folder, 'sys', 'fb7'), { recursive: true })
    const tell = (name: string, value: string) => writeFile(join(folder, 'sys', 'fb7', name), `${value}\n`)
    await tell('virtual_size', '4,3')
    await tell('bits_per_pixel', `${bits}`)
    await tell('stride', `${strideBytes}`)
    await writeFile(config.path, new Uint8Array(strideBytes * 3))
    return join(folder, 'sys')
  }
  const memory = async (): Promise<string> => (await readFile(config.path)).toString('hex')

  test('goes where the kernel says that the rows are', async () => {
    const sysfs = await kernelTells(16, 10)
    const sign = await openFramebufferSignboard(config, { timing: QUICK, sysfs })
    sign.show(frameOf(255), 'a')
    await sign[Symbol.asyncDispose]()
    expect(await memory()).toBe(['0'.repeat(20), '0000ffffffff00000000', '0000ffffffff00000000'].join(''))
  })

  test('is dimmed in its pixels where there is no card', async () => {
    const sysfs = await kernelTells(32, 16)
    const sign = await openFramebufferSignboard({ ...config, x: 0, y: 0 }, { timing: QUICK, sysfs })
    sign.dim(50)
    sign.show(frameOf(200), 'a')
    await sign[Symbol.asyncDispose]()
    expect((await memory()).slice(0, 16)).toBe('6464640064646400')
  })

  test('that does not fit on the screen, or of another format, is a fault that says so', async () => {
    const sysfs = await kernelTells(32, 16)
    await using large = await openFramebufferSignboard({ ...config, x: 3 }, { timing: QUICK, sysfs })
    expect(large.health).toMatchObject({ ok: false })
    expect(large.health.message).toContain('does not fit on a screen of 4 x 3')
    await using paletted = await openFramebufferSignboard(config, {
      timing: QUICK,
      sysfs: await kernelTells(8, 4),
    })
    expect(paletted.health.message).toContain('8 bits a pixel')
  })

  test('that is not there at the start is found when it comes', async () => {
    await using sign = await openFramebufferSignboard(config, { timing: QUICK, sysfs: join(folder, 'sys') })
    expect(sign.health.ok).toBe(false)
    sign.show(frameOf(255), 'a')
    await writeFile(config.path, new Uint8Array(36))
    await until('the sign works', () => sign.health.ok)
    await until('the frame', () => sign.proof === 'sent')
    expect((await memory()).slice(32, 48)).toBe('ffffff00ffffff00')
  })

  describe.skipIf(noPty)('with a sending card', () => {
    const BAUD = 115_200
    const plugged = (): Promise<SignPanel> =>
      SignPanel.plugged({ baud: BAUD, bitsPerByte: 10, receiver: createNovastarCard })
    const open = async (card: SignPanel) => {
      await writeFile(config.path, new Uint8Array(36))
      const withCard: Config = { ...config, card: { driver: 'novastar', port: card.port.path, baud: BAUD } }
      return openFramebufferSignboard(withCard, { timing: QUICK, sysfs: join(folder, 'sys') })
    }

    test('it dims the wall and makes it black when nothing is shown', async () => {
      await using card = await plugged()
      await using sign = await open(card)
      sign.show(frameOf(0), '')
      await until('black', () => card.seen === '255 black')
      sign.show(frameOf(9), 'a')
      await until('lit', () => card.seen === '255 lit')
      sign.dim(40)
      await until('dimmed', () => card.seen === '102 lit')
      await until('known', () => sign.proof === 'sent')
      expect(sign.health.ok).toBe(true)
      expect((await memory()).slice(32, 40)).toBe('09090900')
    })

    test('that stops answering is a fault of the sign, and has its brightness again when it returns', async () => {
      await using card = await plugged()
      await using sign = await open(card)
      sign.dim(40)
      sign.show(frameOf(9), 'a')
      await until('dimmed', () => card.seen === '102 lit')
      card.mood = 'silent'
      await until('the fault', () => !sign.health.ok)
      expect(sign.health.message).toBe('the sending card: the sign does not answer')
      sign.dim(20)
      card.mood = 'obeys'
      await until('dimmed', () => card.seen === '51 lit')
      await until('the sign works again', () => sign.health.ok)
    })
  })
})
