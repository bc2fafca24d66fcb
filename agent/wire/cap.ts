import type { AlertEvent, Severity } from '../core/documents.ts'

/** What a CAP 1.2 text says of the members an alert may leave to it. */
export type CapFacts = {
  readonly event?: AlertEvent
  readonly severity?: Severity
  /** Text by language. */
  readonly headline?: Readonly<Record<string, string>>
  readonly until?: string
}

type Element = { readonly name: string; readonly closing: boolean; readonly text: string }
type Info = Map<string, string>

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decoded = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '').trim()

/** One pass over the text; comments and declarations of other kinds are passed over, nothing is ever expanded. */
const elementsOf = function* (xml: string): Generator<Element> {
  let inComment = false
  for (const piece of xml.split('<').slice(1)) {
    if (inComment || piece.startsWith('!--')) {
      inComment = !piece.includes('-->')
      continue
    }
    const end = piece.indexOf('>')
    const tag = /^(\/?)(?:[\w.-]{1,40}:)?([\w.-]{1,40})/.exec(piece)
    if (end < 0 || !tag) continue
    yield { name: tag[2] ?? '', closing: tag[1] === '/', text: decoded(piece.slice(end + 1)) }
  }
}

const MAX_INFOS = 32

/** The `info` blocks, one a language, each with the text of its own first elements. */
const infosOf = (elements: readonly Element[]): readonly Info[] => {
  let current: Info | undefined
  const infos: Info[] = []
  for (const { name, closing, text } of elements) {
    if (name === 'info') {
      current = closing || infos.length === MAX_INFOS ? undefined : new Map<string, string>()
      if (current) infos.push(current)
    } else if (!closing && current?.has(name) === false) current.set(name, text)
  }
  return infos
}

const EVENTS: readonly (readonly [AlertEvent, RegExp])[] = [
  ['tsunami', /tsunami|sóng thần/u],
  ['evacuation', /evacuat|sơ tán|di dời/u],
  ['landslide', /landslide|mudslide|debris flow|sạt lở/u],
  ['flood', /flood|lũ(?!\p{L})|lụt/u],
  ['storm', /storm|typhoon|cyclone|hurricane|tornado|bão|áp thấp/u],
  ['fire', /fire|cháy/u],
  ['epidemic', /epidemic|pandemic|outbreak|dịch bệnh/u],
  ['civil-defence', /civil|air raid|phòng thủ dân sự|phòng không/u],
]
const SEVERITIES: readonly Severity[] = ['extreme', 'severe', 'moderate', 'minor']

const eventOf = (status: string, text: string): AlertEvent | undefined => {
  if (status === 'Test' || status === 'Exercise') return 'test'
  if (status !== 'Actual') return undefined
  const words = text.normalize('NFC').toLowerCase()
  return EVENTS.find(([, pattern]) => pattern.test(words))?.[0]
}

/** CAP gives `vi-VN`; headlines are by plain language. */
const headlineOf = (infos: readonly Info[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    infos
      .map((info) => [(info.get('language') ?? 'en-US').split('-')[0] ?? '', info.get('headline') ?? ''])
      .filter(([language, text]) => language !== '' && text !== '')
      .reverse(),
  )

/**
 * What can be read with certainty; anything else is left out and then missing in the alert.
 * @see OASIS Common Alerting Protocol 1.2, section 3.2
 */
export const readCap = (xml: string): CapFacts => {
  if (xml.includes('<!DOCTYPE')) return {}
  const elements = [...elementsOf(xml)]
  const status = elements.find(({ name }) => name === 'status')?.text ?? ''
  const infos = infosOf(elements)
  const [first] = infos
  if (!first) return {}
  const event = eventOf(status, first.get('event') ?? '')
  const severity = SEVERITIES.find((name) => name === first.get('severity')?.toLowerCase())
  const until = first.get('expires')
  const headline = headlineOf(infos)
  return {
    ...(Object.keys(headline).length > 0 ? { headline } : {}),
    ...(event ? { event } : {}),
    ...(severity ? { severity } : {}),
    ...(until ? { until } : {}),
  }
}
