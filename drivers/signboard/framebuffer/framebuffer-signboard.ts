import type { SignProof } from '../../../agent/core/sign/proof.ts'
import type { Frame, PageManner, Signboard, SignHealth } from '../../../agent/ports/signboard.ts'
import { type SignCodec, silent } from '../line/codec.ts'
import { LineSignboard } from '../line/line-signboard.ts'
import { openSerialSignboard, type SerialTrial } from '../line/serial-signboard.ts'
import { eightNone, LINE_TIMING } from '../line/timing.ts'
import { dimmed } from '../strip/dimmed.ts'
import { openFileLink } from './file-link.ts'
import { type FramebufferConfig, geometryOf, type PixelFormat, SYSFS } from './geometry.ts'
import { screenBytes } from './pixels.ts'

/** As fast as the page engine ever scrolls. */
const FRAMES_PER_SECOND = 30
/** A console or another program may draw over the picture. */
const REASSERT_MS = 2000

/** Tests put a folder of their own in the place of the kernel's. */
type FramebufferTrial = SerialTrial & { readonly sysfs?: string }

const openScreen = async (
  config: FramebufferConfig,
  { timing: shortened, sysfs = SYSFS }: FramebufferTrial,
): Promise<LineSignboard<never>> => {
  const timing = { ...LINE_TIMING, reassertMs: REASSERT_MS, ...shortened }
  let format: PixelFormat = 'xrgb8888'
  const codec: SignCodec = {
    takes: 'raster',
    proof: 'sent',
    inspect: silent,
    encode: ({ frame, percent }) => [{ bytes: screenBytes(dimmed(frame.rgb, percent), format) }],
  }
  const screen = new LineSignboard({
    panel: config,
    codec,
    timing,
    framesPerSecond: FRAMES_PER_SECOND,
    wireMs: () => 0,
    openLink: (handlers) =>
      openFileLink(
        {
          ...config,
          retryMs: timing.retryMs,
          geometry: async () => {
            const found = await geometryOf(config, sysfs)
            format = found.format
            return found
          },
        },
        handlers,
      ),
  })
  await screen.settled()
  return screen
}

/** A screen with a sending card behind it: the pixels go to the one, brightness and black to the other. */
class CardedSignboard implements Signboard {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  readonly takes = 'raster'
  readonly #screen: Signboard
  readonly #card: Signboard

  constructor(screen: Signboard, card: Signboard) {
    this.id = screen.id
    this.width = screen.width
    this.height = screen.height
    this.framesPerSecond = screen.framesPerSecond
    this.#screen = screen
    this.#card = card
  }

  get health(): SignHealth {
    const { health } = this.#screen
    const { ok, message } = this.#card.health
    return health.ok && !ok ? { ok, message: `the sending card: ${message}` } : health
  }

  get proof(): SignProof {
    return this.#card.proof === 'waiting' ? 'waiting' : this.#screen.proof
  }

  show(frame: Frame, text: string, manner?: PageManner): void {
    this.#screen.show(frame, text, manner)
    const light = frame.rgb.some((value) => value > 0) ? 1 : 0
    this.#card.show({ width: 1, height: 1, rgb: Uint8Array.of(light, light, light) }, text, manner)
  }

  dim(percent: number): void {
    this.#card.dim(percent)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#screen[Symbol.asyncDispose](), this.#card[Symbol.asyncDispose]()])
  }
}

/** The codec of the card is loaded for walls that have one: it is the largest part of this driver. */
const openCard = async (
  { id, card }: FramebufferConfig & { readonly card: NonNullable<FramebufferConfig['card']> },
  trial: FramebufferTrial,
): Promise<Signboard> => {
  const { createCardCodec } = await import('../novastar/card-codec.ts')
  const settings = eightNone(card)
  return openSerialSignboard(
    { panel: { id, width: 1, height: 1 }, settings, codec: createCardCodec() },
    trial,
  )
}

/**
 * Opens a wall that shows a part of the screen pixel for pixel. That its pixels reached the wall nobody can say:
 * what is known is that they are in the screen's memory and, with a sending card, that the card and its first receiving card are there.
 */
export const openFramebufferSignboard = async (
  config: FramebufferConfig,
  trial: FramebufferTrial = {},
): Promise<Signboard> => {
  const screen = await openScreen(config, trial)
  const { card } = config
  return card === undefined ? screen : new CardedSignboard(screen, await openCard({ ...config, card }, trial))
}
