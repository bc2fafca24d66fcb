import type { EventSeverity } from '../core/records.ts'
import type { PageFault } from '../core/sign/page.ts'

export type PageFaultsOptions = {
  readonly emit: (code: 'SIGN', severity: EventSeverity, data: Readonly<Record<string, unknown>>) => void
}

/** Told again when so many others were told since: a daily item is not an event every day. */
const REMEMBERED = 500

/** Of an occurrence, an alert or an order: `document/item/planned` without the time it was planned for. */
const itemOf = (owner: string): string => owner.replace(/\/\d+$/, '')

/** `😀 U+1F600`: a reader may not have the glyph either. */
const named = (character: string): string =>
  `${character} U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

const detailOf = (fault: PageFault): Readonly<Record<string, unknown>> => {
  switch (fault.kind) {
    case 'no-glyph':
      return { fault: fault.kind, characters: fault.characters.slice(0, 20).map(named).join(', ') }
    case 'unknown-color':
      return { fault: fault.kind, color: fault.color }
    default:
      return { fault: fault.kind }
  }
}

/** Tells the province, once for each item and sign, what of a page is not shown as it was meant. */
export class PageFaults {
  readonly #emit: PageFaultsOptions['emit']
  readonly #told = new Set<string>()

  constructor({ emit }: PageFaultsOptions) {
    this.#emit = emit
  }

  report(owner: string, sign: string, fault: PageFault): void {
    const data = { source: `sign ${sign}`, item: itemOf(owner), ...detailOf(fault) }
    const key = JSON.stringify(data)
    if (this.#told.delete(key)) {
      this.#told.add(key)
      return
    }
    this.#told.add(key)
    const [oldest] = this.#told
    if (oldest !== undefined && this.#told.size > REMEMBERED) this.#told.delete(oldest)
    this.#emit('SIGN', 'warning', data)
  }
}
