import type { LocalPicture, SignOrder, SignOrderReport } from '../core/control.ts'
import type { ImageRef, Page } from '../core/documents.ts'
import { LoaError } from '../core/error.ts'
import { type Item, orderedItem } from '../core/schedule/item.ts'
import type { Clock } from '../ports/clock.ts'
import type { Cryptography } from '../ports/crypto.ts'
import type { LocalPictures } from './local-pictures.ts'
import type { SignControl } from './sign-control.ts'
import type { SignItems } from './sign-items.ts'

export type LocalSignOptions = {
  readonly signs: Pick<SignControl, 'signsOf' | 'health'>
  readonly signItems: Pick<SignItems, 'begin' | 'clear' | 'held'>
  readonly files: LocalPictures
  readonly clock: Clock
  readonly crypto: Cryptography
  readonly area: string
  readonly language: string
}

/** No file has this digest: it stands for the test pattern, which is drawn for each sign. */
export const TEST_PATTERN: ImageRef = { sha256: '0'.repeat(64), bytes: 1, format: 'png', urls: [] }

const DEFAULT_SECONDS = 60
const MAX_PICTURE_BYTES = 8 * 1024 * 1024

/** `loa sign`: a notice like that of an order, with a record; over ordinary notices and in dark hours too, for somebody stands before it. */
export class LocalSign {
  readonly #options: LocalSignOptions

  constructor(options: LocalSignOptions) {
    this.#options = options
  }

  /** @throws SIGN when this board has none of the signs; TOO_LARGE, INVALID for a picture */
  order(order: SignOrder, body: Uint8Array): SignOrderReport {
    const { signs, signItems, clock, crypto, area, language } = this.#options
    const content = order.signs === undefined ? { pages: [] } : { pages: [], signs: order.signs }
    const meant = signs.signsOf(content)
    if (meant.length === 0) throw new LoaError('SIGN', 'this board has none of these signs')
    const now = clock.wall()
    if (order.what === 'clear') return { cleared: signItems.clear(now), signs: this.#health(meant) }
    const seconds = order.seconds ?? DEFAULT_SECONDS
    const pages = [this.#page(order, seconds, body)]
    const item: Item = {
      ...orderedItem(`local-${crypto.randomHex(6)}`, now, {
        area,
        language,
        class: 'priority',
        sign: { ...content, pages },
      }),
      document: 'local',
    }
    signItems.begin({ item, planned: now }, seconds, now)
    return { item: item.id, seconds, signs: this.#health(meant) }
  }

  #page(order: SignOrder, seconds: number, body: Uint8Array): Page {
    const { text, mode, color, file } = order
    if (text !== undefined)
      return {
        text,
        seconds,
        ...(mode === undefined ? {} : { mode }),
        ...(color === undefined ? {} : { color }),
      }
    return { image: file === undefined ? TEST_PATTERN : this.#picture(file, body), seconds }
  }

  #picture({ sha256, bytes, format, name }: LocalPicture, body: Uint8Array): ImageRef {
    if (bytes > MAX_PICTURE_BYTES)
      throw new LoaError(
        'TOO_LARGE',
        `${name} has ${bytes} bytes; at most ${MAX_PICTURE_BYTES} can be shown from here`,
      )
    if (body.length !== bytes || this.#options.crypto.sha256Hex(body) !== sha256)
      throw new LoaError('INVALID', `${name} arrived damaged`)
    const image = { sha256, bytes, format, urls: [] }
    this.#options.files.hold(image, body, this.#shown())
    return image
  }

  /** Digests of the pictures that items show now. */
  #shown(): ReadonlySet<string> {
    const pages = this.#options.signItems.held.flatMap(({ item }) => item.sign?.pages ?? [])
    return new Set(pages.flatMap((page) => ('image' in page ? [page.image.sha256] : [])))
  }

  #health(meant: readonly string[]): SignOrderReport['signs'] {
    const health = this.#options.signs.health()
    return Object.fromEntries(meant.map((sign) => [sign, health[sign] ?? 'fault']))
  }
}
