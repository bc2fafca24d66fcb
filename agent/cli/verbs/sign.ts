import { askAgent } from '../../adapters/control/client.ts'
import type { SignOrder, SignOrderReport } from '../../core/control.ts'
import type { Page, PageMode } from '../../core/documents.ts'
import { colorOf } from '../../core/sign/color.ts'
import { type Call, numberOption, print, printJson, textOption, usage, type Verb } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { readPicture } from '../local-picture.ts'
import { controlSocket } from '../socket.ts'
import { OPTION_VALUES } from '../syntax.ts'

const PREVIEW_SECONDS = 10

const modeOf = (call: Call): PageMode | undefined => {
  const given = textOption(call, 'mode')
  const known = OPTION_VALUES.mode.find((mode) => mode === given)
  if (given !== undefined && known === undefined) throw usage(call.say.sign.badMode(given))
  return known
}

const colorGiven = (call: Call): string | undefined => {
  const given = textOption(call, 'color')
  if (given !== undefined && colorOf(given) === undefined) throw usage(call.say.sign.badColor(given))
  return given
}

/** What of text and manner was said. */
const lookOf = (call: Call): Pick<SignOrder, 'mode' | 'color'> => {
  const [mode, color] = [modeOf(call), colorGiven(call)]
  return { ...(mode === undefined ? {} : { mode }), ...(color === undefined ? {} : { color }) }
}

const placeOf = (call: Call): Pick<SignOrder, 'seconds' | 'signs'> => {
  const seconds = numberOption(call, 'seconds', { min: 1, max: 14_400 })
  const signs = textOption(call, 'sign')?.split(',')
  return { ...(seconds === undefined ? {} : { seconds }), ...(signs === undefined ? {} : { signs }) }
}

const tell = (call: Call, report: SignOrderReport): void => {
  const { say } = call
  const lines = Object.entries(report.signs).map(([id, health]) => `${id}: ${say.signs[health]}`)
  const head =
    report.cleared === undefined ? say.sign.shown(report.seconds ?? 0) : say.sign.cleared(report.cleared)
  print(call, [head, ...lines])
}

const ask = async (call: Call, order: SignOrder, bytes?: Uint8Array): Promise<ExitCode> => {
  const body = bytes === undefined ? {} : { body: once(bytes) }
  const report = await askAgent(await controlSocket(call), 'sign', order, body)
  if (call.json) printJson(call, report)
  else tell(call, report)
  return Object.values(report.signs).includes('ok') ? 0 : 1
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

const withWord = (call: Call, most: number): string | undefined => {
  const [, word] = call.words
  if (call.words.length > most) throw usage(call.say.usage.signWhat)
  return word
}

const needed = (call: Call): string => {
  const word = withWord(call, 2)
  if (word === undefined) throw usage(call.say.usage.signWhat)
  return word
}

const showImage = async (call: Call): Promise<ExitCode> => {
  const { file, bytes } = await readPicture(needed(call), call.say)
  return ask(call, { what: 'image', file, ...placeOf(call) }, bytes)
}

const showPreview = async (call: Call): Promise<ExitCode> => {
  const text = withWord(call, 2)
  const page: Page | undefined =
    text === undefined
      ? undefined
      : { text, seconds: placeOf(call).seconds ?? PREVIEW_SECONDS, ...lookOf(call) }
  return (await import('../sign/preview.ts')).preview(call, page)
}

const ORDERS: Readonly<Record<string, (call: Call) => Promise<ExitCode>>> = {
  text: async (call) => ask(call, { what: 'text', text: needed(call), ...lookOf(call), ...placeOf(call) }),
  image: showImage,
  test: async (call) => {
    withWord(call, 1)
    return ask(call, { what: 'test', ...placeOf(call) })
  },
  clear: async (call) => {
    withWord(call, 1)
    return ask(call, { what: 'clear' })
  },
  preview: showPreview,
}

/** `loa sign text T | image F | test | clear | preview T`. */
export const sign: Verb = (call) => {
  const [word = ''] = call.words
  const order = Object.hasOwn(ORDERS, word) ? ORDERS[word] : undefined
  if (order === undefined) throw usage(call.say.usage.signWhat)
  return order(call)
}
